"""`holdfast policy` on what the aws command line prints, saved and piped as people do it.

usage: policy.py ENDPOINT HOLDFAST AWS
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from portal import check, client, end

endpoint, holdfast, aws = sys.argv[1:]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_ACCESS_KEY_ID": "AKIAINTEROP",
    "AWS_SECRET_ACCESS_KEY": "interop",
    "AWS_DEFAULT_REGION": "us-east-1",
}
BACKUP = ["--policy-type", "BACKUP_POLICY"]


def ask(*words, output="json"):
    """What `aws organizations` prints."""
    command = [aws, "--endpoint-url", endpoint, "--output", output, "organizations", *words]
    return subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout


def policy(*words, text=None):
    """How `holdfast policy` ends, and what it prints."""
    done = subprocess.run([holdfast, "policy", *words], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def ended(what, wanted, *words, text=None):
    status, said = policy(*words, text=text)
    check(f"{what} ends with {wanted}", status == wanted, f"{status} {said}")
    return said


def answers(identity):
    """One policy in every way in which people save it."""
    describe = ["describe-policy", "--policy-id", identity]
    return {
        "describe-policy": ask(*describe),
        "--query Policy": ask(*describe, "--query", "Policy"),
        "--query Policy.Content": ask(*describe, "--query", "Policy.Content"),
        "--query Policy.Content --output text": ask(*describe, "--query", "Policy.Content", output="text"),
        "--query [Policy]": ask(*describe, "--query", "[Policy]"),
    }


def effective(account):
    describe = ["describe-effective-policy", "--target-id", account, *BACKUP]
    return {
        "describe-effective-policy": ask(*describe),
        "--query EffectivePolicy": ask(*describe, "--query", "EffectivePolicy"),
        "--query EffectivePolicy.PolicyContent": ask(*describe, "--query", "EffectivePolicy.PolicyContent"),
        "--output text": ask(*describe, "--query", "EffectivePolicy.PolicyContent", output="text"),
    }


def shorter(content):
    """The same policy with every retention at most seven days."""

    def walk(node):
        for key, value in node.items():
            if key == "delete_after_days" and int(value["@@assign"]) > 7:
                value["@@assign"] = "7"
            elif isinstance(value, dict):
                walk(value)

    document = json.loads(content)
    walk(document)
    return json.dumps(document)


def organization(policies, document, identity):
    """The input of `simulate`, out of AWS's own answers."""
    root = json.loads(ask("list-roots"))["Roots"][0]["Id"]
    account = json.loads(ask("list-accounts-for-parent", "--parent-id", root))["Accounts"][0]["Id"]
    return {
        "organization": [{"id": root, "kind": "root"}, {"id": account, "parent": root, "kind": "account"}],
        "policies": policies,
        "attachments": {root: list(policies)},
        "change": {"action": "edit", "policy": identity, "document": document},
    }


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-policy-"))
    client_ = client("organizations", endpoint)
    made = [row for row in json.loads(ask("list-policies", "--filter", "BACKUP_POLICY"))["Policies"]]
    contents = {row["Id"]: json.loads(ask("describe-policy", "--policy-id", row["Id"]))["Policy"]["Content"] for row in made}
    identity = next(key for key, content in contents.items() if shorter(content) != json.dumps(json.loads(content)))
    before = answers(identity)
    client_.update_policy(PolicyId=identity, Content=shorter(contents[identity]))
    after = answers(identity)

    def save(name, text):
        path = folder / name
        path.write_text(text)
        return str(path)

    for what in before:
        one, two = save("one.json", before[what]), save("two.json", after[what])
        ended(f"lint of {what}", 0, "lint", one)
        ended(f"runs of {what}", 0, "runs", one)
        ended(f"runs of {what}, piped,", 0, "runs", "-", text=before[what])
        ended(f"diff of {what} with less kept", 1, "diff", "--fail-on", "weakens", one, two)
        ended(f"diff of {what} with more kept", 0, "diff", "--fail-on", "weakens", two, one)
        ended(f"diff of {what} with itself", 0, "diff", "--fail-on", "changes", one, one)
    whole = {key: {"Policy": {"Content": content}} for key, content in contents.items()}
    for what, policies in {"wrappers": whole, "texts": contents}.items():
        document = json.loads(after["describe-policy"] if what == "wrappers" else after["--query Policy.Content"])
        said = organization(policies, document, identity)
        ended(f"simulate with {what}", 1, "simulate", "--fail-on", "weakens", "-", text=json.dumps(said))
        levels = {"levels": [{"target": "r", "policies": [policies[identity]]}]}
        said = ended(f"effective with {what}", 0, "effective", "--format", "json", "-", text=json.dumps(levels))
        check(f"effective with {what} finds the plans", bool(json.loads(said)["merged"].get("plans")), said)

    account = json.loads(ask("list-accounts"))["Accounts"][0]["Id"]
    for what, text in effective(account).items():
        path = save("effective.json", text)
        ended(f"runs of {what}", 0, "runs", path)
        ended(f"diff of {what} with itself", 0, "diff", "--fail-on", "changes", path, path)
        ended(f"lint of {what}", 1, "lint", path)
        said = ended(f"diff of a document with {what}", 2, "diff", one, path)
        check("and says why", "cannot be compared" in said, said)
    for words in [["list-policies", "--filter", "BACKUP_POLICY"], ["list-roots"], ["describe-organization"], ["list-accounts"]]:
        path = save("other.json", ask(*words))
        ended(f"runs of {words[0]}", 2, "runs", path)
        ended(f"diff with {words[0]}", 2, "diff", "--fail-on", "weakens", one, path)
        ended(f"lint of {words[0]}", 1, "lint", path)
    end("holdfast policy on the aws command line's answers")


main()
