import { StaticModel } from '../schema';
export default {
  name: 'Mistral Large 2.0',
  slug: 'mistral-large-2-0-24-07',
  releaseDate: 'July 24, 2024',
  version: '24.07',
  type: 'Premier',
  status: 'Retired',
  weights: [
    {
      name: 'Weights',
      license: 'MRL',
      licenseUrl: 'https://mistral.ai/static/licenses/MRL-0.1.md',
      url: 'https://huggingface.co/mistralai/Mistral-Large-Instruct-2407',
      parameters: '123',
      active: '123',
      contextSize: '128k',
    }
  ],
  contextLength: '128k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      
    ],
    output: [
      
    ]
  },
  identifiers: { apiNames: ['mistral-large-2407'] },
  capabilities: {
    input: ['text'],
    output: ['text'],
    features: [],

  },
  metadata: {deprecationDate: 'November 30, 2024', retirementDate: 'March 30, 2025', replacement: 'Mistral Large 3'},
  legacy: true,
} as const satisfies StaticModel;
