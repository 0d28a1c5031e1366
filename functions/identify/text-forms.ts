/** How hardware addresses, ids, names and texts are written. */

/** With colons, hyphens, Cisco's dots, and none. */
export function macForms(value: string): readonly string[] {
  const hex = value.replace(/[^0-9a-f]/gi, '').toLowerCase()
  const bytes = hex.match(/../g) ?? []
  const words = hex.match(/..../g) ?? []
  return bothCases([bytes.join(':'), bytes.join('-'), bytes.join('.'), words.join('.'), hex])
}

/** A UUID with and without hyphens; any other id as it is. */
export function idForms(value: string): readonly string[] {
  const text = value.trim()
  const bare = text.replace(/[-{}]/g, '')
  if (!/^[0-9a-f]{32}$/i.test(bare)) return bothCases([text])
  return bothCases([bare.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), bare])
}

/** In Unicode's composed and decomposed forms (UAX #15), as it is and folded to one case. */
export function textForms(value: string): readonly string[] {
  const text = value.trim()
  return bothCases([text.normalize('NFC'), text.normalize('NFD')])
}

/** First name first and last; one word is only itself. */
export function nameForms(value: string): readonly string[] {
  const text = value.trim().replace(/\s+/g, ' ')
  const words = text.includes(',') ? text.split(/ ?, ?/).reverse() : [text]
  const name = words.join(' ')
  const cut = name.lastIndexOf(' ')
  if (cut < 0) return textForms(name)
  const [first, last] = [name.slice(0, cut), name.slice(cut + 1)]
  return [name, `${last}, ${first}`, `${last},${first}`, `${last} ${first}`].flatMap(textForms)
}

/** Latitude and longitude with three to six decimals, cut off and rounded. Given as `latitude,longitude` in degrees. */
export function locationForms(value: string): readonly string[] {
  const [latitude = Number.NaN, longitude = Number.NaN] = value.split(',').map(Number)
  return [3, 4, 5, 6].flatMap((decimals) => {
    const cut = (degrees: number) => (Math.trunc(degrees * 10 ** decimals) / 10 ** decimals).toFixed(decimals)
    return [`${latitude.toFixed(decimals)},${longitude.toFixed(decimals)}`, `${cut(latitude)},${cut(longitude)}`]
  })
}

function bothCases(forms: readonly string[]): readonly string[] {
  return forms.flatMap((form) => [form, form.toLowerCase(), form.toUpperCase()])
}
