import { StaticModel } from '../schema';
export default {
  name: 'Codestral',
  slug: 'codestral-25-08',
  releaseDate: 'July 30, 2025',
  version: '25.08',
  type: 'Premier',
  status: 'Active',
  weights: [],
  contextLength: '128k',
  pricing: {
    type: 'custom',
    free: false,
    input: [
      { type: 'range', price: 0.3, denominator: '/M Tokens' }
    ],
    output: [
      { type: 'range', price: 0.9, denominator: '/M Tokens' }
    ]
  },
  identifiers: { apiNames: ['codestral-2508', 'codestral-latest'] },
  capabilities: {
    input: ['text'],
    output: ['text'],
    features: ['structured-outputs', 'function-calling', 'predicted-outputs', 'document-qna', 'prefix', 'batching', 'chat-completions', 'fim'],

  },
  metadata: {},
  legacy: false,
} as const satisfies StaticModel;
