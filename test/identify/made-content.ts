import type { Content } from '../../functions/model.ts'

/** The body of a made-up request, but for what is given. */
export function content(given: Partial<Content>): Content {
  return {
    flow: 1,
    fromA: true,
    time: 0,
    part: 'body',
    method: 'POST',
    host: 'collect.example.com',
    path: '/v1/up',
    field: null,
    mediaType: null,
    codings: [],
    bytes: new Uint8Array(),
    missing: 0,
    ...given,
  }
}
