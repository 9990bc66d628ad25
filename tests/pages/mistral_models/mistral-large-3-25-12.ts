import { StaticModel } from '../schema';
export default {
  name: 'Mistral Large 3',
  slug: 'mistral-large-3-25-12',
  releaseDate: 'December 2, 2025',
  version: '25.12',
  type: 'Open',
  status: 'Active',
  weights: [
    {
      name: 'Weights',
      license: 'Apache 2.0',
      url: 'https://huggingface.co/mistralai/Mistral-Large-3-675B-Instruct-2512',
      parameters: '675',
      active: '41',
      contextSize: '256k',
    },
  ],
  contextLength: '256k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      { type: 'range', price: 0.5, denominator: '/M Tokens' }
    ],
    output: [
      { type: 'range', price: 1.5, denominator: '/M Tokens' }
    ]
  },
  identifiers: { apiNames: ['mistral-large-2512', 'mistral-large-latest'] },
  metadata: {},
  legacy: false,
} as const satisfies StaticModel;
