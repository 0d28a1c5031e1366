/**
 * What auditors ask first, in Athena's SQL. Each names a campaign and a report on it, by the two values of the report's folder
 * reports/<declaration>/<time>/; the reader puts others in their place.
 */

export interface Question {
  readonly name: string
  readonly description: string
  readonly sql: string
}

const REPORT = "declaration = 'xiaomi-intl-2014' AND time = '20141231T030000Z'"

/**
 * The observations that the report counts. The table holds whatever was ever read: a capture once for every path, `session.yaml`
 * and version of the program that it was read under.
 */
const judged = (campaign: string) => `judged AS (
  SELECT * FROM observations
  WHERE campaign = '${campaign}'
    AND regexp_extract("$path", '([0-9a-f]{64})[.]parquet$', 1) IN (SELECT evidence FROM counted WHERE ${REPORT})
)`

/** @param campaign that the questions name */
export function questions(campaign: string): readonly Question[] {
  return [
    {
      name: 'bytes-by-remote-and-day',
      description: 'How much went to which address and host, day by day',
      sql: `WITH ${judged(campaign)}
SELECT "date", coalesce(host, remote) AS host, remote, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in
FROM judged
WHERE "date" BETWEEN '2014-10-01' AND '2014-12-31'
GROUP BY "date", coalesce(host, remote), remote
ORDER BY "date", bytes_out DESC`,
    },
    {
      name: 'bytes-by-country-and-day',
      description:
        'How much went to which country, day by day. Observations hold no location: it is taken from the findings of one ' +
        'report, whose folder reports/<declaration>/<time>/ names the two values; latest/<declaration>/<campaign>.json points to the newest',
      sql: `WITH ${judged(campaign)}, located AS (
  SELECT remote_ip, IF(count(DISTINCT country) > 1, 'moved', nullif(max(country), '')) AS country
  FROM findings
  WHERE ${REPORT} AND "$path" LIKE '%/findings.csv'
  GROUP BY remote_ip
)
SELECT o."date", coalesce(l.country, 'not located') AS country, sum(o.bytes_out) AS bytes_out, sum(o.bytes_in) AS bytes_in
FROM judged o LEFT JOIN located l ON l.remote_ip = o.remote
WHERE o."date" BETWEEN '2014-10-01' AND '2014-12-31'
GROUP BY 1, 2
ORDER BY 1, 3 DESC`,
    },
    {
      name: 'contact-with-a-host',
      description: 'First and last contact with a host, by session',
      sql: `WITH ${judged(campaign)}
SELECT session, host, min("first") AS first_contact, max("last") AS last_contact, sum(flows) AS flows,
  sum(bytes_out) AS bytes_out
FROM judged
WHERE host = 'api.account.xiaomi.com'
GROUP BY session, host
ORDER BY first_contact`,
    },
    {
      name: 'before-the-opt-in',
      description: 'What left a device before the step in which its user opted in, or in sessions without that step',
      sql: `WITH ${judged(campaign)}, opt_in AS (
  SELECT session, min("first") AS began
  FROM judged
  WHERE step = 'enable-cloud-messaging'
  GROUP BY session
)
SELECT o.session, o.step, coalesce(o.host, o.remote) AS host, min(o."first") AS first_contact, sum(o.bytes_out) AS bytes_out
FROM judged o LEFT JOIN opt_in ON opt_in.session = o.session
WHERE opt_in.began IS NULL OR o."first" < opt_in.began
GROUP BY o.session, o.step, coalesce(o.host, o.remote)
ORDER BY o.session, first_contact`,
    },
  ]
}
