import { describe, expect, it } from 'vitest'
import { linkedFile } from '../../functions/reference/linked-file.ts'

const named = /^ServiceTags_Public_\d{8}\.json$/
const url = 'https://www.microsoft.com/en-us/download/details.aspx?id=56519'
const hosts = ['download.microsoft.com']
const file = 'https://download.microsoft.com/download/7/1/d/71d8/ServiceTags_Public_20261116.json'

describe('the file that a page links to', () => {
  it.each([
    ['a link', `<a href="${file}" class="button">Download</a>`],
    ['a script', `{"url":"${file.replaceAll('/', '\\/')}","size":1}`],
    ['several weeks', `${file.replace('1116', '1109')} "${file}" ${file.replace('1116', '1102')}`],
    ['others beside it', `"https://evil.example/ServiceTags_Public_20291116.json" '${file}'`],
    ['other clouds beside it', `"${file.replace('Public', 'China').replace('2026', '2027')}" '${file}'`],
    ['no scheme', `<a href="${file.slice('https:'.length)}">`],
  ])('is found in %s', (_, text) => {
    expect(linkedFile({ text, url }, named, hosts)).toBe(file)
  })

  it.each([
    ['', url],
    ['<a href="https://evil.example/ServiceTags_Public_20261116.json">', url],
    ['<a href="https://download.microsoft.com.evil.example/ServiceTags_Public_20261116.json">', url],
    ['<a href="https://download.microsoft.com@evil.example/ServiceTags_Public_20261116.json">', url],
    ['<a href="https://download.microsoft.com/ServiceTags_Public_20261116.json.exe">', url],
  ])('is not %j', (text) => {
    expect(() => linkedFile({ text, url }, named, hosts)).toThrow(/has no link to a file/)
  })
})
