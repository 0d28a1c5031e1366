/** The hosts of the example. */
export const host = {
  account: 'api.account.xiaomi.com',
  messaging: 'app.chat.xiaomi.net',
  contacts: 'contactapi.micloud.xiaomi.net',
  shop: 'www.mi.com',
  /** Invented for the example; the post names Akamai, whose ranges nobody publishes. */
  shopStatic: 'static.mi.com',
  tracking: 'tracking.miui.com',
} as const
