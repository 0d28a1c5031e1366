import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../functions/report/html.ts'
import { html, link } from '../../functions/report/page/markup.ts'
import { AFTER, session } from '../judge/world.ts'
import { consentReport, HOSTILE, hostileReport, reportOf } from './sample.ts'

const page = renderHtml(reportOf())

/** Tags with their attributes, as a browser would see them: quotes end where they end, and nothing else does. */
const tagsOf = (text: string) => [...text.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi)]

describe('report.html', () => {
  it('runs nothing and fetches nothing', () => {
    const names = new Set(tagsOf(page).map(([, name]) => name))
    for (const forbidden of ['script', 'img', 'link', 'iframe', 'object', 'embed', 'form', 'base'])
      expect(names).not.toContain(forbidden)
    expect(page).not.toMatch(/\s(on[a-z]+|style|src|srcset|action)=/i)
    expect(page).not.toMatch(/@import|url\(/i)
  })

  it('says so in its Content-Security-Policy, which allows its own style sheet alone', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    )
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'))
  })

  it('links out only to the sources of the declaration and to those to whom data is owed, without a referrer', () => {
    const out = [...page.matchAll(/<a href="(?!#)([^"]*)"([^>]*)>/g)]
    expect(new Set(out.map(([, url]) => url))).toEqual(new Set(['https://example.com/post', 'https://db-ip.com/']))
    for (const [, , rest] of out) expect(rest).toContain('rel="noreferrer"')
    expect(page).toContain('IP Geolocation by DB-IP')
  })

  it('every link within the page leads somewhere, and every id is there once', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
  })

  it('says the conclusion first, in a sentence', () => {
    const text = page.slice(page.indexOf('<body>')).replace(/<[^>]*>/g, ' ')
    expect(text.indexOf('fail')).toBeLessThan(text.indexOf('What a pass takes'))
    expect(text).toMatch(
      /1,236 flows in 2 findings broke the declaration: api\.account\.xiaomi\.com in Beijing, CN-BJ, China/,
    )
  })

  it('shows every finding, criterion, capture, location and limitation', () => {
    const report = reportOf()
    for (const { id } of [...report.findings, ...report.locations]) expect(page).toContain(`id="${id}"`)
    for (const { sha256 } of report.ledger) expect(page).toContain(sha256)
    for (const { title } of report.criteria) expect(page).toContain(title)
    for (const limitation of report.limitations) expect(page).toContain(limitation.replaceAll("'", '&#39;'))
    expect(page).toContain('“by the end of the month”')
  })

  it('says what every grade means', () => {
    for (const grade of ['proven', 'corroborated', 'suspected', 'conflicted', 'edge', 'unknown'])
      expect(page).toContain(`<strong>${grade}</strong>: `)
  })

  it('shows which hosts were out of scope, and that the flows of the list are all of them', () => {
    const list = /Which hosts and addresses were out of scope<\/summary>(.*?)<\/details>/s.exec(page)?.[1] ?? ''
    expect(list).toContain('>example.org<')
    expect(list).toContain('remote is private-use')
  })

  it('tables have captions and heads, and images a name', () => {
    const count = (what: RegExp) => [...page.matchAll(what)].length
    expect(count(/<table>/g)).toBe(count(/<caption>/g))
    expect(count(/<table>/g)).toBe(count(/<thead>/g))
    expect(count(/<svg /g)).toBe(count(/<svg [^>]*role="img" aria-label="[^"]+"/g))
    for (const landmark of ['<header>', '<nav ', '<main ', '<footer>']) expect(page).toContain(landmark)
    expect(page).toContain('<html lang="en">')
  })

  it('says who led the sessions, what went otherwise and when nothing was captured', () => {
    const told = {
      unattended: { timeScale: 10 },
      deviations: ['the screen <b>was</b> cracked'],
      skipped: [{ step: 'send-mms', why: 'the SIM has no MMS' }],
      uncaptured: [
        { from: AFTER, until: AFTER + 500_000, after: 'stopped' as const },
        { from: AFTER + 900_000, until: AFTER + 900_000, after: 'killed' as const },
      ],
    }
    const text = renderHtml(reportOf({ sessions: [session('s1', told), session('s2')] }))
    for (const line of [
      'Unattended: a script answered for the operator, and made waits 10 times shorter.',
      'Nothing was captured from 2014-11-03 10:00:00 to 2014-11-03 10:00:00.500000.',
      'A capture ended badly (killed) at 2014-11-03 10:00:00.900000, and may lack what came last.',
      'Skipped send-mms: the SIM has no MMS',
      'the screen &lt;b&gt;was&lt;/b&gt; cracked',
    ])
      expect(text).toContain(`<li>${line}</li>`)
    expect(text).toContain('by their records')
    expect(page).not.toContain('by their records')
  })

  it('of nothing is still a page', () => {
    const empty = renderHtml(reportOf({ observations: [], ledgers: [], sessions: [] }))
    expect(empty).toContain('silence is no evidence')
  })

  it('of a hundred thousand findings stays a page that opens, and says what it left out', () => {
    const report = reportOf()
    const [finding] = report.findings
    if (!finding) throw new Error('the sample has findings')
    const many = Array.from({ length: 5000 }, (_, i) => ({ ...finding, id: `F-${String(i).padStart(8, '0')}` }))
    const text = renderHtml({ ...report, findings: many })
    expect(text.length).toBeLessThan(2_000_000)
    expect(text).toContain('4,700 more findings')
  })
})

describe('report.html of a service that is said to ask first', () => {
  const asked = renderHtml(consentReport())
  const section = (id: string) =>
    new RegExp(`<section aria-labelledby="${id}">.*?</section>`, 's').exec(asked)?.[0].replace(/\s+/g, ' ') ?? ''
  const text = (id: string) =>
    section(id)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')

  it('says what is claimed, and how it was kept in every session', () => {
    expect(text('consent')).toContain(
      'mi-cloud : no contact before enable-cloud; no contact after disable-cloud and 300 seconds of grace; of devices that are new or factory-reset. (S1)',
    )
    expect(text('consent')).toMatch(/mi-cloud s1 ✗ violation The IMEI and the phone number went to/)
    expect(text('consent')).toMatch(/mi-cloud s2 not claimed The device was updated and kept its data/)
    expect(text('consent')).toMatch(/mi-cloud s3 \? indeterminate The claim is about devices/)
    expect(text('consent')).toContain('a second question about the same flows')
  })

  it('shows who received what, at which step, where and how', () => {
    expect(text('sent')).toMatch(/IMEI imei-1 boot s1 before agreeing China clear POST \/pass\/register device\.imei/)
    expect(text('sent')).toMatch(/opaque boot s1 before agreeing China base64 POST \/sync d/)
    expect(text('sent')).toMatch(/IMSI imsi-1 use s1 agreed Singapore aws:ap-southeast-1 gzip &gt; md5-hex/)
  })

  it('shows twelve places of a row, and how many more there are', () => {
    const places = Array.from({ length: 40 }, (_, i) => `POST /p${i} imei`)
    const inventory = consentReport().inventory.map((entry) => ({ ...entry, places, morePlaces: 1000 }))
    const shown = renderHtml({ ...consentReport(), inventory })
    expect(shown).toContain('<li>POST /p11 imei</li><li>and 1,028 more</li>')
    expect(shown).not.toContain('/p12')
  })

  it('speaks of hosts that no service declares only where the declaration says which are the vendor’s', () => {
    const { declaration, ...rest } = consentReport()
    const of = (vendorSuffixes: readonly string[]) =>
      renderHtml({
        ...rest,
        declaration: { ...declaration, undeclaredHosts: { ...declaration.undeclaredHosts, vendorSuffixes } },
      })
    expect(of(['xiaomi.com'])).toContain('Hosts below <code>xiaomi.com</code> that no service declares are')
    expect(of([])).not.toContain('Hosts below')
  })

  it('is led to from the contents, and every link leads somewhere', () => {
    const ids = [...asked.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of asked.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
    for (const id of ['consent', 'sent']) expect(asked).toContain(`<a href="#${id}">`)
  })

  it('has neither section where nothing is claimed and nothing was found', () => {
    expect(page).not.toContain('id="consent"')
    expect(page).not.toContain('id="sent"')
  })

  it('says in its banner who did not wait', () => {
    expect(asked).toContain(
      'Services that did not wait for their user&#39;s consent, or went on without it: mi-cloud in 1 session.',
    )
  })
})

describe.each(Object.entries(HOSTILE))('hostile text (%s)', (_, hostile) => {
  const text = renderHtml(hostileReport(hostile))
  it('makes no markup', () => {
    const kinds = new Set(tagsOf(page).map(([, name]) => name))
    const found = new Set(tagsOf(text).map(([, name]) => name))
    for (const name of found) expect(kinds).toContain(name)
    expect(text).not.toContain('<script')
    expect(text).not.toMatch(/\s(on[a-z]+)="/i)
    expect(text).not.toContain('href="javascript:')
  })
  it('shows what would act, and does not fill the page', () => {
    // The page's own line breaks are the only controls in it.
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    expect(text.length).toBeLessThan(400_000)
  })
})

describe('a template', () => {
  it('escapes what is put into it, and nothing twice', () => {
    const inner = html`<b>${'<&>"\''}</b>`
    expect(html`<p title="${'"'}">${inner}</p>`.text).toBe('<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b></p>')
  })
  it('writes lists, numbers and nothing', () => {
    expect(html`${[html`<i>${1}</i>`, 'a', null]}${null}`.text).toBe('<i>1</i>a')
  })
  it('keeps what looks like a replacement pattern', () => {
    expect(html`<p>${"$& $' $`"}</p>`.text).toBe('<p>$&amp; $&#39; $`</p>')
  })
  it.each(['javascript:alert(1)', 'data:text/html,x', '//example.com', 'https://', 'mailto:a@b'])(
    'makes no link of %s',
    (url) => {
      expect(link(url, 'x').text).toBe('x')
    },
  )
})
