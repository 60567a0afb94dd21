"""Runs the portal against MiniStack, an AWS implementation that its own makers wrote without knowing of us.

usage: ministack.py build ENDPOINT           makes an organization through MiniStack's API
       ministack.py verify ENDPOINT      reads {"url", "email", "password"} of a portal from standard input and checks that
                                         what was made arrives there, and that what the portal makes arrives in MiniStack
"""

import json
import sys

from portal import check, client, end, ready

REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"]
NOT_AVAILABLE = "not available from this endpoint"


def document(vault, days):
    return {
        "plans": {
            "nightly": {
                "regions": {"@@assign": ["eu-west-1"]},
                "rules": {
                    "daily": {
                        "schedule_expression": {"@@assign": "cron(0 3 * * ? *)"},
                        "target_backup_vault_name": {"@@assign": vault},
                        "lifecycle": {"delete_after_days": {"@@assign": days}},
                    }
                },
                "selections": {
                    "tags": {
                        "gold": {
                            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
                            "tag_key": {"@@assign": "tier"},
                            "tag_value": {"@@assign": ["gold"]},
                        }
                    }
                },
            }
        }
    }


def build(endpoint):
    organizations = client("organizations", endpoint)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")
    unit = lambda parent, name: organizations.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
    production = unit(root, "Production")
    payments = unit(production, "Payments")
    unit(root, "Sandbox")
    for name, place in [("payments-live", payments), ("payments-test", payments), ("shop", production)]:
        status = organizations.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
        organizations.move_account(AccountId=status["AccountId"], SourceParentId=root, DestinationParentId=place)
    policy = organizations.create_policy(
        Name="made-in-ministack", Description="by its API", Type="BACKUP_POLICY", Content=json.dumps(document("Default", "35"))
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=production)
    backup = client("backup", endpoint, REGIONS[0])
    backup.create_backup_vault(BackupVaultName="interop")
    backup.start_backup_job(
        BackupVaultName="interop",
        ResourceArn="arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        IamRoleArn="arn:aws:iam::111122223333:role/Backup",
    )


def verify_arrived(portal, organizations):
    status, tree = portal.call("organization/tree", query={"q": "payments", "open": "", "more": ""})
    names = {row["name"]: row for row in tree["rows"]}
    check("the tree arrives", {"Root", "Production", "Payments", "payments-live", "payments-test"} <= names.keys(), tree)
    check("accounts stand where they were moved", names["payments-live"]["parent"] == names["Payments"]["id"], tree)
    check("all accounts and OUs are counted", (tree["accounts"], tree["ous"]) == (4, 3), tree)
    attached = [policy["name"] for policy in names["Production"]["policies"]]
    check("the attachment arrives", attached == ["made-in-ministack"], attached)

    status, policies = portal.call("policies/list_policies", query={})
    check("the policy arrives", [policy["name"] for policy in policies] == ["made-in-ministack"], policies)
    status, detail = portal.call("policies/policy", id=policies[0]["id"])
    same = json.loads(detail["content"]) == document("Default", "35")
    check("its document arrives as it was written", status == 200 and same, detail)

    status, jobs = portal.call("jobs/jobs", query="")
    check("the backup job arrives, once", status == 200 and len(jobs["page"]["rows"]) == 1, jobs)
    return names


def verify_made_here(portal, organizations, names):
    content = json.dumps(document("Default", "90"))
    status, made = portal.post("policies/create_policy", name="made-in-holdfast", description="by the portal", content=content)
    check("the portal creates a policy", status == 200, made)
    status, results = portal.post("policies/attach_policy", **{"id": made, "targets[0]": names["Payments"]["id"]})
    check("the portal attaches it", status == 200, results)

    there = {policy["Name"]: policy["Id"] for policy in organizations.list_policies(Filter="BACKUP_POLICY")["Policies"]}
    check("the policy is in MiniStack", there.get("made-in-holdfast") == made, there)
    written = json.loads(organizations.describe_policy(PolicyId=made)["Policy"]["Content"])
    check("with the document that was sent", written == document("Default", "90"), written)
    targets = [target["TargetId"] for target in organizations.list_targets_for_policy(PolicyId=made)["Targets"]]
    check("and its attachment", targets == [names["Payments"]["id"]], targets)
    status, effective = portal.call("organization/effective_policy", account=names["payments-live"]["id"])
    check("the effective policy takes the nearer retention", status == 200 and '"90"' in effective["content"], effective)


def verify_what_is_missing(portal, names):
    account = names["payments-live"]["id"]
    status, html = portal.page(f"/organization/{account}?tab=effective")
    check("AWS's effective policy shows as not available", status == 200 and NOT_AVAILABLE in html.lower(), html)
    status, html = portal.page("/settings")
    check("trusted access shows as not available", status == 200 and NOT_AVAILABLE in html.lower(), html)
    for path in ["/", "/organization", "/policies", "/jobs", "/jobs?state=failed", "/audit"]:
        status, html = portal.page(path)
        check(f"{path} is shown", status == 200 and "went wrong" not in html, f"{status} {html}")


def verify(endpoint):
    portal = ready()
    organizations = client("organizations", endpoint)
    names = verify_arrived(portal, organizations)
    verify_made_here(portal, organizations, names)
    verify_what_is_missing(portal, names)
    end("MiniStack")


{"build": build, "verify": verify}[sys.argv[1]](sys.argv[2])
