/** What auditors ask first, in Athena's SQL. Each names a campaign; the reader puts another in its place. */

export interface Question {
  readonly name: string
  readonly description: string
  readonly sql: string
}

/** @param campaign that the questions name */
export function questions(campaign: string): readonly Question[] {
  return [
    {
      name: 'bytes-by-remote-and-day',
      description: 'How much went to which address and host, day by day',
      sql: `SELECT "date", coalesce(host, remote) AS host, remote, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in
FROM observations
WHERE campaign = '${campaign}' AND "date" BETWEEN '2014-10-01' AND '2014-12-31'
GROUP BY "date", coalesce(host, remote), remote
ORDER BY "date", bytes_out DESC`,
    },
    {
      name: 'bytes-by-country-and-day',
      description:
        'How much went to which country, day by day. Observations hold no location: it is taken from the findings of one ' +
        'report, whose folder reports/<declaration>/<time>/ names the two values; latest/<declaration>/<campaign>.json points to the newest',
      sql: `WITH located AS (
  SELECT remote_ip, IF(count(DISTINCT country) > 1, 'moved', nullif(max(country), '')) AS country
  FROM findings
  WHERE declaration = 'xiaomi-intl-2014' AND time = '20141231T030000Z' AND "$path" LIKE '%/findings.csv'
  GROUP BY remote_ip
)
SELECT o."date", coalesce(l.country, 'not located') AS country, sum(o.bytes_out) AS bytes_out, sum(o.bytes_in) AS bytes_in
FROM observations o LEFT JOIN located l ON l.remote_ip = o.remote
WHERE o.campaign = '${campaign}' AND o."date" BETWEEN '2014-10-01' AND '2014-12-31'
GROUP BY 1, 2
ORDER BY 1, 3 DESC`,
    },
    {
      name: 'contact-with-a-host',
      description: 'First and last contact with a host, by session',
      sql: `SELECT session, host, min("first") AS first_contact, max("last") AS last_contact, sum(flows) AS flows,
  sum(bytes_out) AS bytes_out
FROM observations
WHERE campaign = '${campaign}' AND host = 'api.account.xiaomi.com'
GROUP BY session, host
ORDER BY first_contact`,
    },
    {
      name: 'before-the-opt-in',
      description: 'What left a device before the step in which its user opted in, or in sessions without that step',
      sql: `WITH opt_in AS (
  SELECT session, min("first") AS began
  FROM observations
  WHERE campaign = '${campaign}' AND step = 'enable-cloud-messaging'
  GROUP BY session
)
SELECT o.session, o.step, coalesce(o.host, o.remote) AS host, min(o."first") AS first_contact, sum(o.bytes_out) AS bytes_out
FROM observations o LEFT JOIN opt_in ON opt_in.session = o.session
WHERE o.campaign = '${campaign}' AND (opt_in.began IS NULL OR o."first" < opt_in.began)
GROUP BY o.session, o.step, coalesce(o.host, o.remote)
ORDER BY o.session, first_contact`,
    },
  ]
}
