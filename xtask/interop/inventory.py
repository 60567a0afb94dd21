"""Cloud Custodian and Prowler on the simulator, and the portal beside them: they have to find the same.

usage: inventory.py ENDPOINT CUSTODIAN PROWLER FOLDER     reads {"url", "email", "password"} of a portal from standard input
"""

import glob
import json
import os
import pathlib
import subprocess
import sys

from portal import check, client, end, ready

endpoint, custodian, prowler, folder = sys.argv[1:]
REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"]
RESOURCES = ["org-account", "org-unit", "org-policy", "backup-vault"]
QUERIES = {"org-policy": {"query": [{"filter": "BACKUP_POLICY"}]}}
# Of those for both services the ones that have findings whatever there is.
CHECKS = [
    "backup_plans_exist",
    "backup_recovery_point_encrypted",
    "backup_vaults_exist",
    "backup_vaults_encrypted",
    "organizations_account_part_of_organizations",
    "organizations_delegated_administrators",
    "organizations_scp_check_deny_regions",
    "organizations_tags_policies_enabled_and_attached",
    "organizations_opt_out_ai_services_policy",
]
ENVIRONMENT = {
    **os.environ,
    "AWS_ENDPOINT_URL": endpoint,
    "AWS_ACCESS_KEY_ID": "AKIAINTEROP",
    "AWS_SECRET_ACCESS_KEY": "interop",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


def run(*command):
    done = subprocess.run(command, env=ENVIRONMENT, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def by_custodian(region, resources):
    """How many of each kind of resource Custodian finds, and what it says."""
    rows = [{"name": kind, "resource": f"aws.{kind}", **QUERIES.get(kind, {})} for kind in resources]
    pathlib.Path(folder, "policies.yml").write_text(json.dumps({"policies": rows}))
    out = f"out-{region}"
    status, said = run(custodian, "run", "--region", region, "-s", out, "--cache-period", "0", "policies.yml")
    check(f"Custodian runs in {region}", status == 0 and "error" not in said.lower(), said[-600:])
    found = lambda kind: pathlib.Path(folder, out, kind, "resources.json")
    return {kind: len(json.loads(found(kind).read_text())) if found(kind).exists() else None for kind in resources}


def by_prowler():
    """The findings of Prowler, and what it says."""
    checks = ["--check", *CHECKS]
    command = [prowler, "aws", *checks, "--region", *REGIONS, "-M", "json-ocsf", "-o", "prowler", "--no-banner", "--ignore-exit-code-3"]
    _, said = run(*command)
    files = glob.glob(f"{folder}/prowler/*.ocsf.json")
    findings = json.loads(pathlib.Path(files[0]).read_text()) if files else []
    return findings, said


def main():
    os.makedirs(folder, exist_ok=True)
    portal = ready()
    _, tree = portal.call("organization/tree", query={"q": "", "open": "", "more": ""})
    _, policies = portal.call("policies/list_policies", query={})
    shown = {"org-account": tree["accounts"], "org-unit": tree["ous"], "org-policy": len(policies)}
    found = by_custodian("us-east-1", RESOURCES)
    for kind, count in shown.items():
        check(f"Custodian finds the {count} of {kind} that the portal shows", found[kind] == count, found)
    vaults = found["backup-vault"] or 0
    for region in REGIONS[:2]:
        vaults += by_custodian(region, ["backup-vault"])["backup-vault"] or 0
    listed = sum(len(client("backup", endpoint, region).list_backup_vaults()["BackupVaultList"]) for region in REGIONS)
    check(f"Custodian finds the {listed} vaults of the management account", vaults == listed, vaults)

    findings, said = by_prowler()
    checked = {finding["metadata"]["event_code"] for finding in findings}
    check("Prowler asks nothing that is not answered", "not simulated" not in said and "Error[" not in said, said[-600:])
    check(f"Prowler comes to findings in all {len(CHECKS)} checks", checked >= set(CHECKS), sorted(set(CHECKS) - checked) or said[-600:])
    end(f"inventories: Custodian {found}, {vaults} vaults in all; Prowler {len(findings)} findings of {len(checked)} checks")


main()
