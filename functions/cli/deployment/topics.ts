/** Whether anybody is told what audits conclude. */
import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns'
import { count } from '../../report/phrase.ts'
import { asked } from './asked.ts'
import { type Check, checksOf } from './check.ts'

export function checkSubscriptions(client: SNSClient, topic: string): Promise<Check> {
  const { ok, note } = checksOf('reports')
  const ask = async () => {
    const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topic }))
    const confirmed = Number(Attributes.SubscriptionsConfirmed ?? 0)
    const pending = Number(Attributes.SubscriptionsPending ?? 0)
    if (confirmed > 0) return ok(`${count(confirmed, 'subscription')} to what audits conclude`)
    const why = pending > 0 ? `, ${count(pending, 'subscription')} not confirmed yet` : ''
    return note(`nobody is told what audits conclude, and what does not come${why}: subscribe to ${topic}`)
  }
  return asked('reports', `the subscriptions of ${topic} (sns:GetTopicAttributes)`, ask, {
    NotFound: `there is no topic ${topic}: deploy again`,
    NotFoundException: `there is no topic ${topic}: deploy again`,
  })
}
