/** Where seed keys lie that a key service has encrypted, and what they are encrypted for. */

/** What all of them lie below, in the reference bucket. */
export const SEED_KEYS = 'seeds/'

/** @param id 16 hex digits, as sessions name the key */
export const seedKeyPlace = (id: string): string => `${SEED_KEYS}${id}.key`

/**
 * Encryption context (https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html): bound to every seed key that is
 * encrypted, so that whoever may decrypt these may decrypt nothing else by the same key.
 */
export const SEED_KEY_CONTEXT = { domicile: 'seed-key' } as const
