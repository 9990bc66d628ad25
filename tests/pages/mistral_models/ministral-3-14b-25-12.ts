import { StaticModel } from '../schema';
export default {
  name: 'Ministral 3 14B',
  slug: 'ministral-3-14b-25-12',
  releaseDate: 'December 2, 2025',
  version: '25.12',
  type: 'Open',
  status: 'Active',
  weights: [
    {
      name: 'Instruct Weights',
      license: 'Apache 2.0',
      licenseUrl: 'https://www.apache.org/licenses/LICENSE-2.0.txt',
      url: 'https://huggingface.co/mistralai/Ministral-3-14B-Instruct-2512',
      parameters: '14',
      active: '14',
      contextSize: '256k',
    },        {
      name: 'Reasoning Weights',
      license: 'Apache 2.0',
      licenseUrl: 'https://www.apache.org/licenses/LICENSE-2.0.txt',
      url: 'https://huggingface.co/mistralai/Ministral-3-14B-Reasoning-2512',
      parameters: '14',
      active: '14',
      contextSize: '256k',
    },        {
      name: 'Base Weights',
      license: 'Apache 2.0',
      licenseUrl: 'https://www.apache.org/licenses/LICENSE-2.0.txt',
      url: 'https://huggingface.co/mistralai/Ministral-3-14B-Base-2512',
      parameters: '14',
      active: '14',
      contextSize: '256k',
    }
  ],
  contextLength: '256k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      { type: 'range', price: 0.2, denominator: '/M Tokens' }
    ],
    output: [
      { type: 'range', price: 0.2, denominator: '/M Tokens' }
    ]
  },
  identifiers: { apiNames: ['ministral-14b-2512', 'ministral-14b-latest'] },
  capabilities: {
    input: ['text', 'image'],
    output: ['text'],
    features: ['structured-outputs', 'function-calling', 'document-qna', 'prefix', 'chat-completions', 'batching'],

  },
  metadata: {},
  legacy: false,
} as const satisfies StaticModel;
