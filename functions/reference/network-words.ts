/** What went wrong on the way to a publisher, in words for somebody who has no network, and not only its code. */

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host is not found: is there a network here, and is the name right?',
  EAI_AGAIN: 'the host is not found, because no name server answers: is there a network here?',
  ENETUNREACH: 'there is no way to the host: is there a network here?',
  EHOSTUNREACH: 'there is no way to the host: is there a network here, or does a firewall stand between?',
  ECONNREFUSED: 'the host does not let anybody connect: is its server down, or does a firewall stand between?',
  ETIMEDOUT: 'the host does not answer: is there a network here, or does a firewall stand between?',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer: is there a network here, or does a firewall stand between?',
  ECONNRESET: 'the connection was cut: is there a proxy or firewall between?',
  UND_ERR_SOCKET: 'the connection was cut: is there a proxy or firewall between?',
  CERT_HAS_EXPIRED: "the server's certificate has expired: is the clock right, or does a proxy stand between?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "nobody vouches for the server's certificate: does a proxy stand between?",
  SELF_SIGNED_CERT_IN_CHAIN: "nobody vouches for the server's certificate: does a proxy stand between?",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "nobody vouches for the server's certificate: does a proxy stand between?",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is another host's: does a proxy stand between?",
}

/**
 * @param cause what `fetch` says why it failed
 * @returns null where it is none of the network's errors
 */
export function networkWords(cause: unknown): string | null {
  // Of several addresses that were tried each has an error of its own.
  const error = cause instanceof AggregateError && !('code' in cause) ? cause.errors[0] : cause
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code in words ? `${words[code]} (${code})` : null
}
