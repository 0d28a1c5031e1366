/** What the clock of a rig may be off by, in milliseconds, where nobody says: a host that is kept by NTP is far better. */
export const ASSUMED_CLOCK_ERROR_MS = 1000
