"""IAM policies: what the wizard needs, and the least an application needs to send."""

from __future__ import annotations

from typing import Any

from sestui.domain.regions import partition

WIZARD_ACTIONS: dict[str, tuple[str, ...]] = {
    "Look": (
        "ses:GetAccount", "ses:ListEmailIdentities", "ses:GetEmailIdentity",
        "ses:ListConfigurationSets", "ses:GetConfigurationSet",
        "ses:GetConfigurationSetEventDestinations", "ses:ListEmailTemplates",
        "ses:GetEmailTemplate", "ses:GetSuppressedDestination",
        "ses:ListSuppressedDestinations", "cloudwatch:GetMetricData",
    ),
    "Identity": (
        "ses:CreateEmailIdentity", "ses:PutEmailIdentityMailFromAttributes",
        "ses:PutEmailIdentityDkimSigningAttributes",
        "ses:PutEmailIdentityConfigurationSetAttributes", "ses:VerifyEmailIdentity",
        "ses:TagResource",
    ),
    "Test": (
        "ses:SendEmail", "ses:SendRawEmail", "ses:CreateEmailTemplate",
        "ses:UpdateEmailTemplate", "ses:DeleteEmailTemplate", "ses:TestRenderEmailTemplate",
        "ses:DeleteSuppressedDestination", "ses:PutSuppressedDestination",
        "ses:GetMessageInsights", "sqs:GetQueueUrl", "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    ),
    "Monitoring": (
        "ses:CreateConfigurationSet", "ses:UpdateConfigurationSet", "ses:DeleteConfigurationSet",
        "ses:PutConfigurationSetReputationOptions", "ses:PutConfigurationSetSendingOptions",
        "ses:PutConfigurationSetDeliveryOptions", "ses:PutConfigurationSetSuppressionOptions",
        "ses:PutConfigurationSetTrackingOptions", "ses:PutConfigurationSetVdmOptions",
        "ses:PutConfigurationSetArchivingOptions", "ses:CreateConfigurationSetEventDestination",
        "ses:UpdateConfigurationSetEventDestination",
        "ses:DeleteConfigurationSetEventDestination", "ses:UntagResource",
        "sns:ListTopics", "sns:CreateTopic",
        "sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:ListSubscriptionsByTopic",
        "sns:Subscribe", "firehose:ListDeliveryStreams", "firehose:DescribeDeliveryStream",
        "iam:GetRole", "iam:CreateRole", "iam:PutRolePolicy",
    ),
    "Destinations": (
        "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe",
        "kms:ListAliases", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy",
        "sqs:ListQueues", "sqs:SetQueueAttributes", "lambda:AddPermission",
        "events:ListRules", "events:DescribeRule", "events:ListTargetsByRule",
        "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:DeleteRule",
        "logs:CreateLogGroup", "logs:PutResourcePolicy",
        "iam:ListRoles", "iam:ListRolePolicies", "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion",
        "iam:UpdateAssumeRolePolicy",
    ),
    "Proof": (
        "sqs:CreateQueue", "sqs:TagQueue", "sqs:DeleteMessage", "sqs:DeleteQueue",
        "sns:ListSubscriptions", "events:TagResource", "cloudwatch:GetMetricStatistics",
    ),
    "GoLive": (
        "ses:PutAccountDetails", "ses:PutAccountSuppressionAttributes",
        "ses:PutAccountSendingAttributes",
    ),
}  # fmt: skip
"""The calls of each part of the wizard, by the Sid of its statement."""


def wizard_policy() -> dict[str, Any]:
    """All the wizard may want to do, apart from passing a role to SES."""
    statements: list[dict[str, Any]] = [
        {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*"}
        for sid, actions in WIZARD_ACTIONS.items()
    ]
    statements.append(
        {
            "Sid": "PassRoleToSes",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "ses.amazonaws.com"}},
        }
    )
    return {"Version": "2012-10-17", "Statement": statements}


def sending_policy(
    region: str, account: str, identity: str, sender: str, configuration_set: str = ""
) -> dict[str, Any]:
    """The least an application needs to send as `sender` (AWS: "Control user access")."""
    prefix = f"arn:{partition(region)}:ses:{region}:{account}"
    resources = [f"{prefix}:identity/{identity}"]
    if configuration_set:
        resources.append(f"{prefix}:configuration-set/{configuration_set}")
    operator = "StringLike" if "*" in sender else "StringEquals"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SendOnlyAsThisAddress",
                "Effect": "Allow",
                "Action": ["ses:SendEmail", "ses:SendRawEmail"],
                "Resource": resources,
                "Condition": {operator: {"ses:FromAddress": sender}},
            }
        ],
    }


def statement_for(action: str, resource: str = "*") -> dict[str, Any]:
    """One statement that allows one call."""
    return {"Effect": "Allow", "Action": action, "Resource": resource}
