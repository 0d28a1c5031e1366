/** Sizes of HTTP messages of which a log keeps the fields: what their heads take as HTTP/1.1 writes them (RFC 9112, section 2.1). */

const VERSION = 'HTTP/1.1'.length
const BLANK = 1
const LINE_END = 2
/** `: ` and the line's end. */
const FIELD = 2 + LINE_END

/** @param fields lengths of names and values together @param count how many fields there are */
export function requestHeadSize(method: number, target: number, fields: number, count: number): number {
  return method + BLANK + target + BLANK + VERSION + LINE_END + fields + count * FIELD + LINE_END
}

/** @param reason length of the phrase behind the status code */
export function responseHeadSize(reason: number, fields: number, count: number): number {
  return VERSION + BLANK + 3 + BLANK + reason + LINE_END + fields + count * FIELD + LINE_END
}
