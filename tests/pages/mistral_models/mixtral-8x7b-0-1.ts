import { StaticModel } from '../schema';
export default {
  name: 'Mixtral 8x7B',
  slug: 'mixtral-8x7b-0-1',
  releaseDate: 'December 11, 2023',
  version: '0.1',
  type: 'Open',
  status: 'Retired',
  weights: [
    {
      name: 'Instruct Weights',
      license: 'Apache 2.0',
      url: 'https://huggingface.co/mistralai/Mixtral-8x7B-Instruct-v0.1',
      parameters: '47',
      active: '13',
      contextSize: '32k',
    },    {
      name: 'Base Weights',
      license: 'Apache 2.0',
      url: 'https://huggingface.co/mistralai/Mixtral-8x7B-v0.1',
      parameters: '47',
      active: '13',
      contextSize: '32k',
    },
  ],
  contextLength: '32k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      
    ],
    output: [
      
    ]
  },
  identifiers: { apiNames: ['open-mixtral-8x7b'] },
  metadata: {deprecationDate: 'November 30, 2024', retirementDate: 'March 30, 2025', replacement: 'Mistral Small 3.2'},
  legacy: true,
} as const satisfies StaticModel;
