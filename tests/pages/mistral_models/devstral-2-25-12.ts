import { StaticModel } from '../schema';
export default {
  name: 'Devstral 2',
  slug: 'devstral-2-25-12',
  releaseDate: 'December 9, 2025',
  version: '25.12',
  type: 'Open',
  status: 'Active',
  weights: [
    {
      name: 'Weights',
      license: 'Modified MIT',
      url: 'https://huggingface.co/mistralai/Devstral-2-123B-Instruct-2512',
      parameters: '123',
      active: '123',
      contextSize: '256k',
    },
  ],
  contextLength: '256k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      { type: 'range', price: 0.4, denominator: '/M Tokens' }
    ],
    output: [
      { type: 'range', price: 2.0, denominator: '/M Tokens' }
    ]
  },
  identifiers: { apiNames: ['devstral-2512', 'devstral-latest', 'devstral-medium-latest'] },
  metadata: {},
  legacy: false,
} as const satisfies StaticModel;
