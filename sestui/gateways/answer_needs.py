"""What sestui cannot do without in each answer: an operation a row.

The models of AWS mark almost nothing in an answer as required. A row names members, a dot for each
step inwards: `SendQuota.MaxSendRate`; `Rules[].Name` has to be in each element of a list. `?` marks
a step that may be absent, since AWS leaves out what is empty (SQS: no messages, no queues) or not
set; what comes after it is then not looked for. A list without `?` is there when it is empty, too:
SES, SNS and IAM send it as such. A row without members asks for an answer in the right format only.

Sources: API references of the services; answers of AWS as found in the field.
"""

from __future__ import annotations

from collections.abc import Mapping

Needs = tuple[str, ...]

_SES: Mapping[str, Needs] = {
    "CreateConfigurationSet": (),
    "CreateConfigurationSetEventDestination": (),
    "CreateEmailIdentity": (),
    "CreateEmailTemplate": (),
    "DeleteConfigurationSet": (),
    "DeleteConfigurationSetEventDestination": (),
    "DeleteEmailIdentity": (),
    "DeleteEmailTemplate": (),
    "DeleteSuppressedDestination": (),
    "GetAccount": (
        "ProductionAccessEnabled",
        "SendingEnabled",
        "SendQuota.Max24HourSend",
        "SendQuota.MaxSendRate",
        "SendQuota.SentLast24Hours",
    ),
    "GetConfigurationSet": ("ConfigurationSetName", "Tags?[].Key"),
    "GetConfigurationSetEventDestinations": (
        "EventDestinations[].Name",
        "EventDestinations[].MatchingEventTypes[]",
        "EventDestinations[].SnsDestination?.TopicArn",
        "EventDestinations[].EventBridgeDestination?.EventBusArn",
        "EventDestinations[].KinesisFirehoseDestination?.DeliveryStreamArn",
        "EventDestinations[].KinesisFirehoseDestination?.IamRoleArn",
        "EventDestinations[].CloudWatchDestination?.DimensionConfigurations[].DimensionName",
        "EventDestinations[].CloudWatchDestination?.DimensionConfigurations[].DimensionValueSource",
        "EventDestinations[].CloudWatchDestination?.DimensionConfigurations[].DefaultDimensionValue",
    ),
    "GetEmailIdentity": ("IdentityType", "VerificationStatus", "VerifiedForSendingStatus"),
    "GetEmailTemplate": ("TemplateName", "TemplateContent"),
    "GetMessageInsights": ("MessageId", "Insights[]", "EmailTags?[].Name", "EmailTags?[].Value"),
    "GetSuppressedDestination": (
        "SuppressedDestination.EmailAddress",
        "SuppressedDestination.Reason",
    ),
    "ListConfigurationSets": ("ConfigurationSets[]",),
    "ListEmailIdentities": ("EmailIdentities[].IdentityName", "EmailIdentities[].IdentityType"),
    "ListEmailTemplates": ("TemplatesMetadata[].TemplateName",),
    "ListSuppressedDestinations": (
        "SuppressedDestinationSummaries[].EmailAddress",
        "SuppressedDestinationSummaries[].Reason",
    ),
    "PutAccountDetails": (),
    "PutAccountSendingAttributes": (),
    "PutAccountSuppressionAttributes": (),
    "PutConfigurationSetArchivingOptions": (),
    "PutConfigurationSetDeliveryOptions": (),
    "PutConfigurationSetReputationOptions": (),
    "PutConfigurationSetSendingOptions": (),
    "PutConfigurationSetSuppressionOptions": (),
    "PutConfigurationSetTrackingOptions": (),
    "PutConfigurationSetVdmOptions": (),
    "PutEmailIdentityConfigurationSetAttributes": (),
    "PutEmailIdentityDkimSigningAttributes": (),
    "PutEmailIdentityMailFromAttributes": (),
    "PutSuppressedDestination": (),
    "SendEmail": ("MessageId",),
    "TagResource": (),
    "TestRenderEmailTemplate": ("RenderedTemplate",),
    "UntagResource": (),
    "UpdateConfigurationSet": (),
    "UpdateConfigurationSetEventDestination": (),
    "UpdateEmailTemplate": (),
}

_SNS: Mapping[str, Needs] = {
    "CreateTopic": ("TopicArn",),
    "DeleteTopic": (),
    "GetSubscriptionAttributes": ("Attributes.SubscriptionArn",),
    # Every topic has a policy: the default one, when nobody gave it another.
    "GetTopicAttributes": ("Attributes.TopicArn", "Attributes.Policy"),
    "ListSubscriptions": ("Subscriptions[].SubscriptionArn", "Subscriptions[].Protocol"),
    "ListSubscriptionsByTopic": ("Subscriptions[].SubscriptionArn", "Subscriptions[].Protocol"),
    "ListTopics": ("Topics[].TopicArn",),
    "SetSubscriptionAttributes": (),
    "SetTopicAttributes": (),
    "Subscribe": ("SubscriptionArn",),
    "Unsubscribe": (),
}

_SQS: Mapping[str, Needs] = {
    "CreateQueue": ("QueueUrl",),
    "DeleteMessageBatch": ("Successful?[].Id",),
    "DeleteQueue": (),
    # SQS leaves out attributes that are not set, all of them perhaps. So the queue's ARN is asked
    # for each time: an answer without it says nothing about the others.
    "GetQueueAttributes": ("Attributes.QueueArn",),
    "GetQueueUrl": ("QueueUrl",),
    "ListQueues": ("QueueUrls?[]",),
    "ReceiveMessage": ("Messages?[].MessageId", "Messages?[].ReceiptHandle"),
    "SetQueueAttributes": (),
}

_IAM: Mapping[str, Needs] = {
    "CreateRole": ("Role.Arn",),
    "DeleteRole": (),
    "DeleteRolePolicy": (),
    "GetPolicy": ("Policy.DefaultVersionId",),
    "GetPolicyVersion": ("PolicyVersion.Document",),
    "GetRole": ("Role.Arn", "Role.AssumeRolePolicyDocument"),
    "GetRolePolicy": ("PolicyDocument",),
    "ListAttachedRolePolicies": ("AttachedPolicies[].PolicyArn",),
    "ListRolePolicies": ("PolicyNames[]",),
    "ListRoles": ("Roles[].Arn", "Roles[].AssumeRolePolicyDocument"),
    "PutRolePolicy": (),
    "UpdateAssumeRolePolicy": (),
}

_EVENTS: Mapping[str, Needs] = {
    "DeleteRule": (),
    "DescribeRule": ("Name", "Arn"),
    "ListRules": ("Rules[].Name", "Rules[].Arn"),
    "ListTargetsByRule": ("Targets[].Id", "Targets[].Arn"),
    "PutRule": ("RuleArn",),
    "PutTargets": (),
    "RemoveTargets": (),
}

_OTHERS: dict[tuple[str, str], Needs] = {
    ("ses", "VerifyEmailIdentity"): (),
    ("sts", "GetCallerIdentity"): ("Account", "Arn"),
    ("kms", "DescribeKey"): ("KeyMetadata.Arn", "KeyMetadata.KeyManager"),
    ("kms", "GetKeyPolicy"): ("Policy",),
    ("kms", "ListAliases"): ("Aliases[].AliasName",),
    ("kms", "PutKeyPolicy"): (),
    ("firehose", "DescribeDeliveryStream"): ("DeliveryStreamDescription.DeliveryStreamStatus",),
    ("firehose", "ListDeliveryStreams"): ("DeliveryStreamNames[]", "HasMoreDeliveryStreams"),
    ("cloudwatch", "GetMetricData"): ("MetricDataResults[].Id",),
    ("cloudwatch", "GetMetricStatistics"): ("Datapoints[].Timestamp",),
    ("lambda", "AddPermission"): (),
    ("logs", "CreateLogGroup"): (),
    ("logs", "PutResourcePolicy"): (),
    # What the SDK calls by itself on the way to credentials.
    ("sts", "AssumeRole"): (
        "Credentials.AccessKeyId",
        "Credentials.SecretAccessKey",
        "Credentials.SessionToken",
        "Credentials.Expiration",
    ),
    ("sts", "AssumeRoleWithWebIdentity"): (
        "Credentials.AccessKeyId",
        "Credentials.SecretAccessKey",
        "Credentials.SessionToken",
        "Credentials.Expiration",
    ),
    ("sso", "GetRoleCredentials"): (
        "roleCredentials.accessKeyId",
        "roleCredentials.secretAccessKey",
        "roleCredentials.sessionToken",
        "roleCredentials.expiration",
    ),
    ("sso-oidc", "CreateToken"): ("accessToken", "expiresIn"),
}

NEEDS: Mapping[tuple[str, str], Needs] = {
    (service, operation): needs
    for service, rows in (
        ("sesv2", _SES),
        ("sns", _SNS),
        ("sqs", _SQS),
        ("iam", _IAM),
        ("events", _EVENTS),
    )
    for operation, needs in rows.items()
} | _OTHERS
"""By boto3's name of the service and the operation."""
