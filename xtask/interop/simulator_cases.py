"""The calls that the simulator has to answer, in an order in which each finds what it needs, and those that it has to
refuse. An operation that is in neither table of `simulator.py`'s count fails the run."""

import datetime
import json

NOBODY = "000000000000"
NO_ID = "00000000-0000-4000-8000-000000000000"
ROLE = "arn:aws:iam::{account}:role/interop"
TAGS = [{"Key": "owner", "Value": "interop"}]


def document(vault, days):
    return json.dumps(
        {
            "plans": {
                "interop": {
                    "regions": {"@@assign": ["eu-west-1"]},
                    "rules": {
                        "hourly": {
                            "schedule_expression": {"@@assign": "cron(0 * * * ? *)"},
                            "target_backup_vault_name": {"@@assign": vault},
                            "lifecycle": {"delete_after_days": {"@@assign": days}},
                            "scan_actions": {"GUARDDUTY": {"scan_mode": {"@@assign": "FULL_SCAN"}}},
                        }
                    },
                    "scan_settings": {
                        "GUARDDUTY": {
                            "resource_types": {"@@assign": ["ALL"]},
                            "scanner_role_arn": {"@@assign": "arn:aws:iam::$account:role/scanner"},
                        }
                    },
                    "selections": {
                        "tags": {
                            "standard": {
                                "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/interop"},
                                "tag_key": {"@@assign": "backup-tier"},
                                "tag_value": {"@@assign": ["standard"]},
                            }
                        }
                    },
                }
            }
        }
    )


def walk(driver):
    have = {}
    tree(driver, have)
    accounts(driver, have)
    policies(driver, have)
    unicode(driver, have)
    tags(driver, have)
    delegation(driver, have)
    organization_settings(driver, have)
    backup_settings(driver, have)
    jobs(driver, have)
    summaries(driver, have)
    plans(driver, have)
    vaults(driver, have)
    points(driver, have)
    started(driver, have)
    reports(driver, have)
    frameworks(driver, have)
    identity(driver, have)
    refusals(driver, have)
    by_command(driver, have)
    driver.replay()
    driver.spoil()
    driver.odd()
    driver.raw_requests()
    features(driver, have)
    driver.replay()


# Organizations


def tree(driver, have):
    good = driver.good
    organization = good("organizations:DescribeOrganization")["Organization"]
    have["management"] = organization["MasterAccountId"]
    root = have["root"] = good("organizations:ListRoots")["Roots"][0]["Id"]
    units = driver.pages("organizations:ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=root)
    parent = units[0]["Id"]
    good("organizations:DescribeOrganizationalUnit", OrganizationalUnitId=parent)
    good("organizations:ListParents", ChildId=parent)
    for kind in ["ACCOUNT", "ORGANIZATIONAL_UNIT"]:
        driver.pages("organizations:ListChildren", "Children", ParentId=root, ChildType=kind)
    made = good("organizations:CreateOrganizationalUnit", ParentId=root, Name="interop", Tags=TAGS)["OrganizationalUnit"]
    have["unit"] = made["Id"]
    good("organizations:UpdateOrganizationalUnit", OrganizationalUnitId=made["Id"], Name="renamed")
    below = good("organizations:CreateOrganizationalUnit", ParentId=made["Id"], Name="below")["OrganizationalUnit"]
    good("organizations:DeleteOrganizationalUnit", OrganizationalUnitId=below["Id"])


def accounts(driver, have):
    good = driver.good
    found = driver.pages("organizations:ListAccounts", "Accounts")
    have["accounts"] = [account["Id"] for account in found if account["State"] == "ACTIVE"]
    good("organizations:ListAccountsForParent", ParentId=have["root"])
    good("organizations:DescribeAccount", AccountId=found[0]["Id"])
    request = good("organizations:CreateAccount", AccountName="interop", Email="interop@northwick.example", Tags=TAGS)
    request = request["CreateAccountStatus"]["Id"]
    later(driver, have, seconds=5)
    made = good("organizations:DescribeCreateAccountStatus", CreateAccountRequestId=request)["CreateAccountStatus"]
    have["account"] = made["AccountId"]
    driver.pages("organizations:ListCreateAccountStatus", "CreateAccountStatuses", States=["SUCCEEDED"])
    good(
        "organizations:MoveAccount",
        AccountId=made["AccountId"],
        SourceParentId=have["root"],
        DestinationParentId=have["unit"],
    )


def later(driver, have, **time):
    """Moves the clock on."""
    have["offset"] = have.get("offset", 0) + datetime.timedelta(**time).total_seconds()
    driver.control("PUT", "/clock", {"offset": have["offset"]})


def policies(driver, have):
    good = driver.good
    kind = {"Type": "BACKUP_POLICY"}
    made = good(
        "organizations:CreatePolicy", Name="interop", Description="", Content=document("standard", "35"), Tags=TAGS, **kind
    )
    policy = have["policy"] = made["Policy"]["PolicySummary"]["Id"]
    good("organizations:UpdatePolicy", PolicyId=policy, Description="by boto3", Content=document("standard", "90"))
    shown = good("organizations:DescribePolicy", PolicyId=policy)["Policy"]
    if json.loads(shown["Content"]) != json.loads(document("standard", "90")):
        driver.fail("the policy is not what was written")
    driver.pages("organizations:ListPolicies", "Policies", Filter="BACKUP_POLICY")
    good("organizations:AttachPolicy", PolicyId=policy, TargetId=have["unit"])
    # So that there are jobs of this plan, with scans.
    good("organizations:AttachPolicy", PolicyId=policy, TargetId=have["root"])
    driver.pages("organizations:ListTargetsForPolicy", "Targets", PolicyId=policy)
    driver.pages("organizations:ListPoliciesForTarget", "Policies", TargetId=have["unit"], Filter="BACKUP_POLICY")
    later(driver, have, seconds=10)
    effective = good("organizations:DescribeEffectivePolicy", PolicyType="BACKUP_POLICY", TargetId=have["account"])
    if '"90"' not in effective["EffectivePolicy"]["PolicyContent"]:
        driver.fail("the effective policy is not what was attached")
    of_kind = {"PolicyType": "BACKUP_POLICY"}
    broken = driver.pages("organizations:ListAccountsWithInvalidEffectivePolicy", "Accounts", **of_kind)
    good("organizations:ListEffectivePolicyValidationErrors", AccountId=broken[0]["Id"], **of_kind)
    other = good("organizations:CreatePolicy", Name="gone", Description="", Content=document("standard", "7"), **kind)
    other = other["Policy"]["PolicySummary"]["Id"]
    good("organizations:AttachPolicy", PolicyId=other, TargetId=have["unit"])
    good("organizations:DetachPolicy", PolicyId=other, TargetId=have["unit"])
    good("organizations:DeletePolicy", PolicyId=other)


def unicode(driver, have):
    """Names in any script are kept as they are."""
    name, good = "Größe 日本 🗄 'x' <&>", driver.good
    unit = good("organizations:CreateOrganizationalUnit", ParentId=have["unit"], Name=name)["OrganizationalUnit"]
    shown = good("organizations:DescribeOrganizationalUnit", OrganizationalUnitId=unit["Id"])["OrganizationalUnit"]
    kind = {"Type": "BACKUP_POLICY", "Content": document("standard", "35")}
    policy = good("organizations:CreatePolicy", Name=name, Description=name, **kind)["Policy"]["PolicySummary"]
    listed = driver.pages("organizations:ListPolicies", "Policies", Filter="BACKUP_POLICY", MaxResults=1)
    found = [(entry["Name"], entry["Description"]) for entry in listed if entry["Id"] == policy["Id"]]
    if shown["Name"] != name or found != [(name, name)]:
        driver.fail(f"names are not kept as they were given: {shown} {found}")
    good("organizations:DeletePolicy", PolicyId=policy["Id"])
    good("organizations:DeleteOrganizationalUnit", OrganizationalUnitId=unit["Id"])


def tags(driver, have):
    good = driver.good
    good("organizations:TagResource", ResourceId=have["policy"], Tags=[{"Key": "über", "Value": "ß / @ 1"}])
    driver.pages("organizations:ListTagsForResource", "Tags", ResourceId=have["policy"])
    good("organizations:UntagResource", ResourceId=have["policy"], TagKeys=["über"])


def delegation(driver, have):
    good = driver.good
    service = {"ServicePrincipal": "backup.amazonaws.com"}
    who = have["delegate"] = have["accounts"][20]
    good("organizations:RegisterDelegatedAdministrator", AccountId=who, **service)
    driver.pages("organizations:ListDelegatedAdministrators", "DelegatedAdministrators", **service)
    driver.pages("organizations:ListDelegatedServicesForAccount", "DelegatedServices", AccountId=who)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{who}:root"},
        "Action": ["organizations:ListPolicies", "organizations:CreatePolicy"],
        "Resource": "*",
        "Condition": {"StringLikeIfExists": {"organizations:PolicyType": ["BACKUP_POLICY"]}},
    }
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    good("organizations:PutResourcePolicy", Content=content, Tags=TAGS)
    good("organizations:DescribeResourcePolicy")
    good("organizations:ListPolicies", Filter="BACKUP_POLICY", account=who)


def organization_settings(driver, have):
    good = driver.good
    kind = {"RootId": have["root"], "PolicyType": "TAG_POLICY"}
    good("organizations:EnablePolicyType", **kind)
    good("organizations:DisablePolicyType", **kind)
    good("organizations:EnableAWSServiceAccess", ServicePrincipal="config.amazonaws.com")
    driver.pages("organizations:ListAWSServiceAccessForOrganization", "EnabledServicePrincipals")
    good("organizations:DisableAWSServiceAccess", ServicePrincipal="config.amazonaws.com")


def features(driver, have):
    """From consolidated billing to all features; last, because it takes everything else away."""
    driver.good("organizations:DeregisterDelegatedAdministrator", AccountId=have["delegate"], ServicePrincipal="backup.amazonaws.com")
    driver.good("organizations:DeleteResourcePolicy")
    driver.bad("organizations:DescribeResourcePolicy", "ResourcePolicyNotFoundException")
    driver.bad("organizations:DeleteResourcePolicy", "ResourcePolicyNotFoundException")
    driver.bad("organizations:EnableAllFeatures", "HandshakeConstraintViolationException")
    driver.control("PUT", "/features", {"FeatureSet": "CONSOLIDATED_BILLING"})
    driver.good("organizations:DescribeOrganization")
    kind = {"RootId": have["root"], "PolicyType": "BACKUP_POLICY"}
    driver.bad("organizations:EnablePolicyType", "PolicyTypeNotAvailableForOrganizationException", **kind)
    service = {"ServicePrincipal": "backup.amazonaws.com"}
    driver.bad("organizations:EnableAWSServiceAccess", "ConstraintViolationException", **service)
    driver.bad("iam:GetRole", "NoSuchEntity", RoleName="AWSServiceRoleForBackup")
    driver.good("iam:CreateServiceLinkedRole", AWSServiceName="backup.amazonaws.com")
    first = driver.good("organizations:EnableAllFeatures")["Handshake"]["Id"]
    driver.good("organizations:CancelHandshake", HandshakeId=first)
    driver.bad("organizations:CancelHandshake", "InvalidHandshakeTransitionException", HandshakeId=first)
    second = driver.good("organizations:EnableAllFeatures")["Handshake"]["Id"]
    later(driver, have, minutes=2)
    driver.pages("organizations:ListHandshakesForOrganization", "Handshakes")
    driver.pages("organizations:ListHandshakesForAccount", "Handshakes", Filter={"ActionType": "ENABLE_ALL_FEATURES"})
    driver.good("organizations:DescribeHandshake", HandshakeId=second)
    driver.good("organizations:AcceptHandshake", HandshakeId=second)
    driver.bad("organizations:AcceptHandshake", "HandshakeAlreadyInStateException", HandshakeId=second)
    driver.good("organizations:EnablePolicyType", **kind)
    driver.good("organizations:EnableAWSServiceAccess", **service)


# AWS Backup


def backup_settings(driver, have):
    good = driver.good
    good("backup:UpdateGlobalSettings", GlobalSettings={"isMpaEnabled": "true", "isDelegatedAdministratorEnabled": "true"})
    settings = good("backup:DescribeGlobalSettings")["GlobalSettings"]
    if settings.get("isMpaEnabled") != "true":
        driver.fail(f"the global settings are not what was written: {settings}")
    good("backup:UpdateRegionSettings", ResourceTypeOptInPreference={"Neptune": True}, ResourceTypeManagementPreference={"EFS": True})
    good("backup:DescribeRegionSettings")
    good("backup:GetSupportedResourceTypes")


def jobs(driver, have):
    good = driver.good
    week = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)
    every = {"ByAccountId": "*", "ByCreatedAfter": week}
    found = driver.pages("backup:ListBackupJobs", "BackupJobs", MaxResults=500, **every)
    planned = [job for job in found if "CreatedBy" in job and job["State"] == "COMPLETED" and "ParentJobId" not in job]
    have["job"] = planned[0]
    have["member"] = planned[0]["AccountId"]
    parents = [job for job in found if job["IsParent"]]
    for job in [*parents[:2], *planned[:2], *[job for job in found if job["State"] == "FAILED"][:2]]:
        good("backup:DescribeBackupJob", BackupJobId=job["BackupJobId"])
    good("backup:ListBackupJobs", ByParentJobId=parents[0]["BackupJobId"], **every)
    for kind in sorted({job["ResourceType"] for job in found}):
        good("backup:ListBackupJobs", ByResourceType=kind, MaxResults=3, **every)
    for state in ["CREATED", "RUNNING", "COMPLETED", "FAILED", "EXPIRED", "PARTIAL"]:
        good("backup:ListBackupJobs", ByState=state, MaxResults=3, **every)
    good("backup:ListBackupJobs", ByMessageCategory="SUCCESS", ByBackupVaultName="standard", MaxResults=3, **every)
    copies = driver.pages("backup:ListCopyJobs", "CopyJobs", MaxResults=500, **every)
    for job in copies[:2]:
        good("backup:DescribeCopyJob", CopyJobId=job["CopyJobId"])
    restores = driver.pages("backup:ListRestoreJobs", "RestoreJobs", ByAccountId="*")
    for job in restores[:2]:
        good("backup:DescribeRestoreJob", RestoreJobId=job["RestoreJobId"])
    later(driver, have, hours=4)
    scans = driver.pages("backup:ListScanJobs", "ScanJobs", ByAccountId="*")
    for job in scans[:2]:
        good("backup:DescribeScanJob", ScanJobId=job["ScanJobId"])
    good("backup:ListScanJobs", ByAccountId="*", ByResourceType="EBS", ByScanResultStatus="NO_THREATS_FOUND")
    stop(driver, have)


def stop(driver, have):
    """Moves the clock on until a job is open that can be stopped."""
    for _ in range(48):
        for state in ["RUNNING", "CREATED"]:
            page = driver.good("backup:ListBackupJobs", ByAccountId="*", ByState=state)
            open_jobs = [job for job in page["BackupJobs"] if job["ResourceType"] in ("EBS", "EC2", "S3", "EFS", "DynamoDB")]
            if open_jobs:
                job = open_jobs[0]
                driver.good("backup:StopBackupJob", account=job["AccountId"], BackupJobId=job["BackupJobId"])
                driver.good("backup:DescribeBackupJob", BackupJobId=job["BackupJobId"])
                return
        later(driver, have, minutes=30)
    driver.fail("backup:StopBackupJob: no job is open at any time of the day")


def summaries(driver, have):
    for kind in ["Backup", "Copy", "Restore", "Scan"]:
        member = f"{kind}JobSummaries"
        for account in ["ANY", "AGGREGATE_ALL", have["member"]]:
            driver.pages(f"backup:List{kind}JobSummaries", member, AccountId=account, State="ANY", ResourceType="ANY")
    driver.good("backup:ListBackupJobSummaries", AccountId="ANY", MessageCategory="ANY", AggregationPeriod="SEVEN_DAYS")


def plans(driver, have):
    whose = {"account": have["member"]}
    plan = have["job"]["CreatedBy"]["BackupPlanId"]
    arn = have["job"]["CreatedBy"]["BackupPlanArn"]
    have["plan_arn"] = arn
    driver.good("backup:ListBackupPlans", **whose)
    driver.good("backup:GetBackupPlan", BackupPlanId=plan, MaxScheduledRunsPreview=10, **whose)
    driver.good("backup:ListBackupPlanVersions", BackupPlanId=plan, **whose)
    selections = driver.good("backup:ListBackupSelections", BackupPlanId=plan, **whose)["BackupSelectionsList"]
    driver.good("backup:GetBackupSelection", BackupPlanId=plan, SelectionId=selections[0]["SelectionId"], **whose)
    driver.good("backup:TagResource", ResourceArn=arn, Tags={"owner": "interop"}, **whose)
    driver.good("backup:ListTags", ResourceArn=arn, **whose)
    driver.good("backup:UntagResource", ResourceArn=arn, TagKeyList=["owner"], **whose)


def vaults(driver, have):
    good = driver.good
    name = {"BackupVaultName": "interop"}
    good("backup:CreateBackupVault", BackupVaultTags={"owner": "interop"}, CreatorRequestId="1", **name)
    driver.bad("backup:CreateBackupVault", "AlreadyExistsException", CreatorRequestId="2", **name)
    good("backup:ListBackupVaults")
    good("backup:PutBackupVaultLockConfiguration", MinRetentionDays=7, MaxRetentionDays=90, ChangeableForDays=3, **name)
    good("backup:DescribeBackupVault", **name)
    good("backup:DeleteBackupVaultLockConfiguration", **name)
    good("backup:PutBackupVaultAccessPolicy", Policy='{"Version":"2012-10-17","Statement":[]}', **name)
    good("backup:GetBackupVaultAccessPolicy", **name)
    good("backup:DescribeBackupVault", BackupVaultName=have["job"]["BackupVaultName"], account=have["member"])


def points(driver, have):
    good = driver.good
    job, whose = have["job"], {"account": have["member"]}
    vault = {"BackupVaultName": job["BackupVaultName"]}
    good("backup:ListRecoveryPointsByBackupVault", **vault, **whose)
    good("backup:DescribeRecoveryPoint", RecoveryPointArn=job["RecoveryPointArn"], **vault, **whose)
    good("backup:ListRecoveryPointsByResource", ResourceArn=job["ResourceArn"], **whose)
    good("backup:ListProtectedResources", **whose)
    good("backup:DescribeProtectedResource", ResourceArn=job["ResourceArn"], **whose)


def started(driver, have):
    """Jobs on demand, with the role and the resources of a member account."""
    job, whose = have["job"], {"account": have["member"]}
    role = ROLE.format(account=have["member"])
    vault = job["BackupVaultName"]
    lifecycle = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}
    backup = {"BackupVaultName": vault, "ResourceArn": job["ResourceArn"], "IamRoleArn": role}
    made = driver.good("backup:StartBackupJob", Lifecycle=lifecycle, StartWindowMinutes=60, IdempotencyToken="1", **backup, **whose)
    again = driver.good("backup:StartBackupJob", Lifecycle=lifecycle, StartWindowMinutes=60, IdempotencyToken="1", **backup, **whose)
    if made["BackupJobId"] != again["BackupJobId"]:
        driver.fail("backup:StartBackupJob: the same token started two jobs")
    driver.good("backup:DescribeBackupJob", BackupJobId=made["BackupJobId"], **whose)
    copy = {"RecoveryPointArn": job["RecoveryPointArn"], "SourceBackupVaultName": vault, "IamRoleArn": role}
    to = f"arn:aws:backup:eu-central-1:{have['member']}:backup-vault:Default"
    made = driver.good("backup:StartCopyJob", DestinationBackupVaultArn=to, Lifecycle=lifecycle, **copy, **whose)
    driver.good("backup:DescribeCopyJob", CopyJobId=made["CopyJobId"], **whose)
    refuse = {"InvalidParameterValueException": {"IamRoleArn": ROLE.format(account=NOBODY)}, "ResourceNotFoundException": {"BackupVaultName": "nothing"}}
    for error, change in refuse.items():
        driver.bad("backup:StartBackupJob", error, **{**backup, **change}, **whose)
    driver.bad("backup:StartBackupJob", "InvalidParameterValueException", StartWindowMinutes=59, **backup, **whose)
    driver.bad("backup:StartCopyJob", "InvalidParameterValueException", DestinationBackupVaultArn="here", **copy, **whose)
    copy["RecoveryPointArn"] = "arn:aws:ec2:eu-west-1::snapshot/snap-0"
    driver.bad("backup:StartCopyJob", "ResourceNotFoundException", DestinationBackupVaultArn=to, **copy, **whose)
    driver.good("backup:ListProtectedResourcesByBackupVault", BackupVaultName=vault, **whose)
    driver.bad("backup:ListProtectedResourcesByBackupVault", "ResourceNotFoundException", BackupVaultName="nothing")


def reports(driver, have):
    good, bad = driver.good, driver.bad
    name, channel = {"ReportPlanName": "interop"}, {"S3BucketName": "reports", "S3KeyPrefix": "daily", "Formats": ["CSV"]}
    setting = {"ReportTemplate": "BACKUP_JOB_REPORT", "Accounts": ["ROOT"], "Regions": ["*"]}
    plan = {"ReportDeliveryChannel": channel, "ReportSetting": setting}
    good("backup:CreateReportPlan", ReportPlanDescription="by boto3", IdempotencyToken="1", **plan, **name)
    bad("backup:CreateReportPlan", "AlreadyExistsException", **plan, **name)
    broken = {**plan, "ReportSetting": {"ReportTemplate": "NOVEL"}, "ReportPlanName": "other"}
    bad("backup:CreateReportPlan", "InvalidParameterValueException", **broken)
    bad("backup:DeleteReportPlan", "ConflictException", **name)
    later(driver, have, minutes=1)
    good("backup:UpdateReportPlan", ReportPlanDescription="by boto3 again", **name)
    asked = good("backup:StartReportJob", **name)["ReportJobId"]
    good("backup:DescribeReportJob", ReportJobId=asked)
    later(driver, have, days=1)
    done = good("backup:DescribeReportJob", ReportJobId=asked)["ReportJob"]
    if done["Status"] != "COMPLETED":
        driver.fail(f"a report job does not end: {done}")
    listed = driver.pages("backup:ListReportJobs", "ReportJobs", ByReportPlanName="interop")
    if len(listed) != 2:
        driver.fail(f"a report plan does not make one report a day: {listed}")
    good("backup:ListReportPlans")
    good("backup:DescribeReportPlan", **name)
    good("backup:CreateReportPlan", **plan, ReportPlanName="gone")
    later(driver, have, minutes=1)
    good("backup:DeleteReportPlan", ReportPlanName="gone")
    later(driver, have, minutes=1)
    for operation in ["UpdateReportPlan", "DeleteReportPlan", "DescribeReportPlan", "StartReportJob"]:
        bad(f"backup:{operation}", "ResourceNotFoundException", ReportPlanName="gone")
    bad("backup:DescribeReportJob", "ResourceNotFoundException", ReportJobId=NO_ID)
    bad("backup:ListReportJobs", "InvalidParameterValueException", ByReportPlanName="1")
    bad("backup:ListReportPlans", "InvalidParameterValueException", MaxResults=0)


def frameworks(driver, have):
    good, bad, name = driver.good, driver.bad, {"FrameworkName": "interop"}
    retention = {"ParameterName": "requiredRetentionDays", "ParameterValue": "35"}
    controls = [
        {
            "ControlName": "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK",
            "ControlInputParameters": [retention],
            "ControlScope": {"ComplianceResourceTypes": ["EBS", "RDS"], "Tags": {"tier": "gold"}},
        },
        {"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"},
    ]
    given = {"FrameworkControls": controls, "IdempotencyToken": "1", **name}
    made = good("backup:CreateFramework", FrameworkDescription="by boto3", FrameworkTags={"owner": "interop"}, **given)
    good("backup:DescribeFramework", **name)
    bad("backup:CreateFramework", "AlreadyExistsException", **given)
    for operation in ["UpdateFramework", "DeleteFramework"]:
        bad(f"backup:{operation}", "ConflictException", **name)
    later(driver, have, minutes=1)
    shown = good("backup:DescribeFramework", **name)
    if (shown["DeploymentStatus"], shown["FrameworkStatus"]) != ("COMPLETED", "ACTIVE") or shown["FrameworkControls"] != controls:
        driver.fail(f"a framework is not deployed as it was written: {shown}")
    good("backup:UpdateFramework", FrameworkControls=controls[:1], **name)
    listed = driver.pages("backup:ListFrameworks", "Frameworks", MaxResults=1)
    if [(found["FrameworkName"], found["NumberOfControls"]) for found in listed] != [("interop", 1)]:
        driver.fail(f"frameworks are not listed as they are: {listed}")
    if good("backup:ListTags", ResourceArn=made["FrameworkArn"])["Tags"] != {"owner": "interop"}:
        driver.fail("a framework does not carry the tags it was made with")
    good("backup:CreateFramework", **{**given, "FrameworkName": "gone"})
    later(driver, have, minutes=1)
    good("backup:DeleteFramework", FrameworkName="gone")
    if good("backup:DescribeFramework", FrameworkName="gone")["DeploymentStatus"] != "DELETE_IN_PROGRESS":
        driver.fail("a framework is gone at once")
    later(driver, have, minutes=1)
    for operation in ["UpdateFramework", "DeleteFramework", "DescribeFramework"]:
        bad(f"backup:{operation}", "ResourceNotFoundException", FrameworkName="gone")
    value = "InvalidParameterValueException"
    bad("backup:CreateFramework", value, FrameworkName="1st", FrameworkControls=controls)
    bad("backup:CreateFramework", value, FrameworkName="other", FrameworkControls=[{"ControlName": "NO_SUCH_CONTROL"}])
    bad("backup:CreateFramework", "LimitExceededException", FrameworkName="other", FrameworkControls=controls[1:] * 51)
    bad("backup:CreateFramework", "MissingParameterValueException", FrameworkName="other", FrameworkControls=[{}])
    bad("backup:ListFrameworks", value, MaxResults=1001)


def identity(driver, have):
    driver.good("sts:GetCallerIdentity")
    driver.good("sts:AssumeRole", RoleArn=ROLE.format(account=have["member"]), RoleSessionName="interop")
    driver.good("iam:GetRole", RoleName="AWSServiceRoleForBackup")
    driver.good("iam:ListAccountAliases")
    driver.good("ec2:DescribeRegions")
    driver.good("ec2:DescribeRegions", RegionNames=["us-east-1"])
    driver.good("tag:GetResources", region="us-east-1", ResourcesPerPage=1)
    driver.good("tag:GetResources", TagFilters=[{"Key": "stage", "Values": ["prod"]}])


# What has to be refused


def refusals(driver, have):
    organizations_refusals(driver, have)
    backup_refusals(driver, have)
    driver.bad("sts:AssumeRole", "ValidationError", RoleArn="arn:aws:iam::x:role/interop", RoleSessionName="interop")
    driver.bad("iam:GetRole", "NoSuchEntity", RoleName="nobody")
    driver.bad("iam:ListAccountAliases", "ValidationError", MaxItems=0)
    driver.bad("ec2:DescribeRegions", "InvalidParameterValue", RegionNames=["mars-1"])
    driver.bad("tag:GetResources", "InvalidParameterException", ResourcesPerPage=101)
    driver.bad("iam:CreateServiceLinkedRole", "InvalidInput", AWSServiceName="backup.amazonaws.com")
    driver.bad("iam:CreateServiceLinkedRole", "InvalidInput", AWSServiceName="nothing.amazonaws.com")


def organizations_refusals(driver, have):
    def bad(operation, error, **given):
        driver.bad(f"organizations:{operation}", error, **given)

    root, unit, account, policy = have["root"], have["unit"], have["account"], have["policy"]
    no_unit, no_policy = f"ou-{root[2:]}-zzzzzzzz", "p-zzzzzzzzzz"
    backup, service = {"PolicyType": "BACKUP_POLICY"}, {"ServicePrincipal": "backup.amazonaws.com"}
    for operation in ["DescribeOrganization", "DescribeResourcePolicy", "ListRoots"]:
        bad(operation, "AWSOrganizationsNotInUseException", account=NOBODY)
    for operation in ["DeleteResourcePolicy", "EnableAllFeatures"]:
        bad(operation, "AccessDeniedException", account=have["member"])
    for operation in ["ListRoots", "ListAccounts", "ListAWSServiceAccessForOrganization", "ListDelegatedAdministrators"]:
        bad(operation, "InvalidInputException", MaxResults=21)
        bad(operation, "InvalidInputException", NextToken="nonsense")
    for operation in ["ListHandshakesForOrganization", "ListHandshakesForAccount", "ListCreateAccountStatus"]:
        bad(operation, "InvalidInputException", MaxResults=0)
    bad("ListOrganizationalUnitsForParent", "ParentNotFoundException", ParentId=no_unit)
    bad("ListAccountsForParent", "ParentNotFoundException", ParentId=no_unit)
    bad("ListChildren", "InvalidInputException", ParentId=root, ChildType="POLICY")
    bad("ListParents", "ChildNotFoundException", ChildId=NOBODY)
    bad("DescribeOrganizationalUnit", "OrganizationalUnitNotFoundException", OrganizationalUnitId=no_unit)
    bad("CreateOrganizationalUnit", "DuplicateOrganizationalUnitException", ParentId=root, Name="renamed")
    bad("UpdateOrganizationalUnit", "OrganizationalUnitNotFoundException", OrganizationalUnitId=no_unit, Name="x")
    bad("DeleteOrganizationalUnit", "OrganizationalUnitNotEmptyException", OrganizationalUnitId=unit)
    bad("DescribeAccount", "AccountNotFoundException", AccountId=NOBODY)
    bad("DescribeAccount", "InvalidInputException", AccountId="12")
    bad("CreateAccount", "InvalidInputException", AccountName="x", Email="x")
    bad("DescribeCreateAccountStatus", "CreateAccountStatusNotFoundException", CreateAccountRequestId="car-zzzzzzzz")
    places = {"SourceParentId": unit, "DestinationParentId": unit}
    bad("MoveAccount", "DuplicateAccountException", AccountId=account, **places)
    bad("MoveAccount", "AccessDeniedException", AccountId=account, account=have["member"], **places)
    named = {"Name": "interop", "Description": "", "Type": "BACKUP_POLICY"}
    bad("CreatePolicy", "DuplicatePolicyException", Content=document("standard", "35"), **named)
    bad("CreatePolicy", "MalformedPolicyDocumentException", Content="{", **{**named, "Name": "other"})
    bad("UpdatePolicy", "PolicyNotFoundException", PolicyId=no_policy, Name="x")
    bad("DescribePolicy", "PolicyNotFoundException", PolicyId=no_policy)
    bad("DeletePolicy", "PolicyInUseException", PolicyId=policy)
    bad("ListPolicies", "InvalidInputException", Filter="OTHER_POLICY")
    bad("AttachPolicy", "DuplicatePolicyAttachmentException", PolicyId=policy, TargetId=unit)
    bad("DetachPolicy", "PolicyNotAttachedException", PolicyId=policy, TargetId=account)
    bad("ListTargetsForPolicy", "PolicyNotFoundException", PolicyId=no_policy)
    bad("ListPoliciesForTarget", "TargetNotFoundException", TargetId=no_unit, Filter="BACKUP_POLICY")
    bad("DescribeEffectivePolicy", "InvalidInputException", TargetId=root, **backup)
    bad("DescribeEffectivePolicy", "EffectivePolicyNotFoundException", PolicyType="TAG_POLICY")
    bad("ListAccountsWithInvalidEffectivePolicy", "InvalidInputException", PolicyType="SERVICE_CONTROL_POLICY")
    bad("ListEffectivePolicyValidationErrors", "AccountNotFoundException", AccountId=NOBODY, **backup)
    bad("EnablePolicyType", "PolicyTypeAlreadyEnabledException", RootId=root, **backup)
    bad("DisablePolicyType", "PolicyTypeNotEnabledException", RootId=root, PolicyType="TAG_POLICY")
    bad("EnableAWSServiceAccess", "InvalidInputException", ServicePrincipal="nothing.example.com")
    bad("DisableAWSServiceAccess", "ConstraintViolationException", **service)
    bad("RegisterDelegatedAdministrator", "AccountAlreadyRegisteredException", AccountId=have["delegate"], **service)
    bad("RegisterDelegatedAdministrator", "ConstraintViolationException", AccountId=have["management"], **service)
    bad("DeregisterDelegatedAdministrator", "AccountNotRegisteredException", AccountId=account, **service)
    bad("ListDelegatedServicesForAccount", "AccountNotRegisteredException", AccountId=account)
    bad("PutResourcePolicy", "InvalidInputException", Content="{}")
    bad("TagResource", "InvalidInputException", ResourceId=policy, Tags=[{"Key": "!", "Value": ""}])
    bad("TagResource", "TargetNotFoundException", ResourceId=no_policy, Tags=TAGS)
    bad("UntagResource", "TargetNotFoundException", ResourceId=no_policy, TagKeys=["owner"])
    bad("ListTagsForResource", "TargetNotFoundException", ResourceId=no_policy)
    bad("AcceptHandshake", "HandshakeNotFoundException", HandshakeId="h-zzzzzzzz")
    bad("CancelHandshake", "HandshakeNotFoundException", HandshakeId="h-zzzzzzzz")
    bad("DescribeHandshake", "InvalidInputException", HandshakeId="nonsense")


def backup_refusals(driver, have):
    def bad(operation, error, **given):
        driver.bad(f"backup:{operation}", error, **given)

    value, missing, not_found = "InvalidParameterValueException", "MissingParameterValueException", "ResourceNotFoundException"
    bad("DescribeGlobalSettings", "InvalidRequestException", account=NOBODY)
    bad("UpdateGlobalSettings", value, GlobalSettings={"isMpaEnabled": "perhaps"})
    bad("UpdateGlobalSettings", "InvalidRequestException", GlobalSettings={"isMpaEnabled": "true"}, account=have["member"])
    bad("UpdateRegionSettings", value, ResourceTypeOptInPreference={"Abacus": True})
    # Their models know no error but that of a service that is down.
    for operation in ["DescribeRegionSettings", "GetSupportedResourceTypes"]:
        driver.control("POST", "/faults", {"kind": "error500", "operation": operation, "times": 1})
        bad(operation, "ServiceUnavailableException")
    for operation in ["ListBackupJobs", "ListCopyJobs", "ListRestoreJobs", "ListScanJobs", "ListBackupPlans", "ListBackupVaults"]:
        bad(operation, value, MaxResults=1001)
        bad(operation, value, NextToken="nonsense")
    for operation in ["ListBackupJobs", "ListCopyJobs", "ListScanJobs"]:
        bad(operation, value, ByState="DONE")
    bad("ListBackupJobs", value, ByAccountId="12")
    bad("ListRestoreJobs", value, ByStatus="DONE")
    for kind in ["Backup", "Copy", "Restore", "Scan"]:
        bad(f"List{kind}JobSummaries", value, State="DONE")
        bad(f"List{kind}JobSummaries", value, AggregationPeriod="ONE_YEAR")
    bad("DescribeBackupJob", not_found, BackupJobId=NO_ID)
    bad("DescribeCopyJob", not_found, CopyJobId=NO_ID)
    bad("DescribeRestoreJob", not_found, RestoreJobId=NO_ID)
    bad("DescribeScanJob", not_found, ScanJobId=NO_ID)
    bad("StopBackupJob", not_found, BackupJobId=NO_ID)
    bad("StopBackupJob", "InvalidRequestException", BackupJobId=have["job"]["BackupJobId"], account=have["member"])
    for operation in ["GetBackupPlan", "ListBackupPlanVersions", "ListBackupSelections"]:
        bad(operation, not_found, BackupPlanId=NO_ID)
    bad("GetBackupSelection", not_found, BackupPlanId=NO_ID, SelectionId=NO_ID)
    nothing = {"BackupVaultName": "nothing"}
    for operation in ["DescribeBackupVault", "DeleteBackupVault", "GetBackupVaultAccessPolicy", "PutBackupVaultLockConfiguration"]:
        bad(operation, not_found, **nothing)
    bad("DeleteBackupVaultLockConfiguration", not_found, **nothing)
    bad("PutBackupVaultAccessPolicy", not_found, Policy="{}", **nothing)
    bad("PutBackupVaultAccessPolicy", missing, BackupVaultName="interop")
    bad("PutBackupVaultLockConfiguration", value, BackupVaultName="interop", MinRetentionDays=90, MaxRetentionDays=7)
    bad("ListRecoveryPointsByBackupVault", not_found, **nothing)
    bad("ListRecoveryPointsByBackupVault", value, BackupVaultName="?")
    bad("DescribeRecoveryPoint", not_found, BackupVaultName="interop", RecoveryPointArn="arn:aws:ec2:eu-west-1::snapshot/snap-0")
    bad("ListRecoveryPointsByResource", value, ResourceArn="arn:aws:s3:::nothing", MaxResults=0)
    bad("ListProtectedResources", value, MaxResults=0)
    bad("DescribeProtectedResource", not_found, ResourceArn="arn:aws:s3:::nothing")
    bad("ListTags", not_found, ResourceArn="arn:aws:s3:::nothing")
    bad("TagResource", not_found, ResourceArn="arn:aws:s3:::nothing", Tags={"a": "b"})
    bad("UntagResource", not_found, ResourceArn="arn:aws:s3:::nothing", TagKeyList=["a"])


# Changes by the command line


def by_command(driver, have):
    command = driver.command
    made = command("organizations:CreatePolicy", Name="by-aws", Description="", Type="BACKUP_POLICY", Content=document("standard", "7"))
    policy = made["Policy"]["PolicySummary"]["Id"]
    target = {"PolicyId": policy, "TargetId": have["account"]}
    command("organizations:AttachPolicy", **target)
    command("organizations:UpdatePolicy", PolicyId=policy, Name="by-aws-too")
    command("organizations:DetachPolicy", **target)
    command("organizations:TagResource", ResourceId=policy, Tags=TAGS)
    command("organizations:DeletePolicy", PolicyId=policy)
    command("backup:UpdateGlobalSettings", GlobalSettings={"isCrossAccountBackupEnabled": "true"})
    command("backup:UpdateRegionSettings", ResourceTypeOptInPreference={"Neptune": False})
    command("backup:CreateBackupVault", BackupVaultName="by-aws", CreatorRequestId="3")
    driver.good("backup:DeleteBackupVault", BackupVaultName="by-aws")
