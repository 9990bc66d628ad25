import { StaticModel } from '../schema';
export default {
  name: 'Mixtral 8x22B',
  slug: 'mixtral-8x22b-0-1-0-3',
  releaseDate: 'April 17, 2024',
  version: '0.1-0.3',
  type: 'Open',
  status: 'Retired',
  weights: [
    {
      name: 'Instruct Weights',
      license: 'Apache 2.0',
      licenseUrl: 'https://www.apache.org/licenses/LICENSE-2.0.txt',
      url: 'https://huggingface.co/mistralai/Mixtral-8x22B-Instruct-v0.1',
      parameters: '141',
      active: '39',
      contextSize: '64k',
    },        {
      name: 'Base Weights',
      license: 'Apache 2.0',
      licenseUrl: 'https://www.apache.org/licenses/LICENSE-2.0.txt',
      url: 'https://huggingface.co/mistralai/Mixtral-8x22B-v0.1',
      parameters: '141',
      active: '39',
      contextSize: '64k',
    }
  ],
  contextLength: '64k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      
    ],
    output: [
      
    ]
  },
  identifiers: { apiNames: ['open-mixtral-8x22b'] },
  capabilities: {
    input: ['text'],
    output: ['text'],
    features: [],

  },
  metadata: {deprecationDate: 'November 30, 2024', retirementDate: 'March 30, 2025', replacement: 'Mistral Small 3.2'},
  legacy: true,
} as const satisfies StaticModel;
