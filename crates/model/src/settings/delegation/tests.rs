use super::*;

const OWNER: Owner<'static> =
    Owner { partition: "aws", management_account: "111122223333", organization: "o-ab12cd34ef" };

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

fn sids(text: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(text).unwrap();
    let list = document["Statement"].as_array().unwrap();
    list.iter().map(|s| s["Sid"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn without_a_policy_ours_alone_is_proposed_and_grants_everything() {
    let (one, two) = (account("222233334444"), account("333344445555"));
    let text = propose("", &[two.clone(), one.clone()], OWNER).unwrap();
    assert_eq!(sids(&text), SIDS);
    assert!(text.contains("arn:aws:organizations::111122223333:policy/o-ab12cd34ef/backup_policy/*"));
    for account in [&one, &two] {
        assert_eq!(granted(&text, account), Granted::All);
    }
    assert_eq!(granted(&text, &account("444455556666")), Granted::Nothing);
    assert_eq!(accounts_named(&text), [one, two]);
}

#[test]
fn statements_of_others_stay_as_they_are_and_where_they_are() {
    let theirs = r#"{"Id":"x","Version":"2012-10-17","Statement":[
        {"Sid":"First","Resource":"*","Action":["organizations:ListPolicies"],"Effect":"Allow","Principal":{"AWS":"222233334444"}},
        {"Sid":"HoldfastWriteBackupPolicies","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::999999999999:root"]},"Action":"organizations:*","Resource":"*"},
        {"Action":"organizations:DescribePolicy","Effect":"Deny","Resource":"*","Principal":{"AWS":"555566667777"}}]}"#;
    let text = propose(theirs, &[account("222233334444")], OWNER).unwrap();
    let mut wanted = vec!["First".to_owned()];
    wanted.extend(SIDS.map(str::to_owned));
    wanted.push("-".to_owned());
    assert_eq!(sids(&text), wanted);
    // Their members keep their order too.
    let first = text.find("\"Resource\": \"*\"").unwrap();
    assert!(first < text.find("\"Effect\"").unwrap() && text.starts_with("{\n  \"Id\": \"x\","), "{text}");
    assert_eq!(granted(&text, &account("999999999999")), Granted::Nothing);
    let back = propose(&text, &[], OWNER).unwrap();
    assert_eq!(sids(&back), ["First", "-"]);
}

#[test]
fn what_is_right_already_is_proposed_to_the_letter() {
    let text = propose("", &[account("222233334444")], OWNER).unwrap();
    let squeezed = serde_json::from_str::<Value>(&text).unwrap().to_string();
    assert_eq!(propose(&squeezed, &[account("222233334444")], OWNER).unwrap(), squeezed);
    assert_eq!(propose(&text, &[], OWNER).unwrap(), "");
    assert_eq!(propose("", &[], OWNER).unwrap(), "");
}

#[test]
fn what_is_no_policy_is_not_touched() {
    for bad in ["{", "[]", r#"{"Statement":3}"#, r#"{"Version":"2012-10-17"}"#] {
        assert_eq!(
            propose(bad, &[account("222233334444")], OWNER),
            Err(DelegationError::NotAPolicy),
            "{bad}"
        );
    }
    assert_eq!(granted("{", &account("222233334444")), Granted::Unknown);
}

#[test]
fn too_long_a_policy_is_refused_before_aws_does() {
    let long = json!({"Statement": [{"Sid": "x".repeat(RESOURCE_POLICY_CHARACTERS - 500)}]}).to_string();
    assert_eq!(propose(&long, &[account("222233334444")], OWNER), Err(DelegationError::TooLong));
}

#[test]
fn a_grant_counts_with_wildcards_and_the_backup_policy_type_and_a_denial_takes_it_away() {
    let who = account("222233334444");
    let policy = |effect: &str, action: &str, condition: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{{"AWS":"arn:aws:iam::222233334444:role/x"}},"Action":"{action}","Resource":"*"{condition}}}"#
        )
    };
    let document = |statements: &[String]| format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    let of_type =
        |kind: &str| format!(r#","Condition":{{"StringLike":{{"organizations:PolicyType":["{kind}"]}}}}"#);
    let all = policy("Allow", "organizations:*", &of_type("BACKUP_POLICY"));
    assert_eq!(granted(&document(&[all.clone()]), &who), Granted::All);
    let other = policy("Allow", "organizations:*", &of_type("TAG_POLICY"));
    assert_eq!(granted(&document(&[other]), &who), Granted::Nothing);
    let denied = policy("Deny", "organizations:*tachPolicy", "");
    let missing = ["organizations:AttachPolicy", "organizations:DetachPolicy"].map(str::to_owned).to_vec();
    assert_eq!(granted(&document(&[all, denied]), &who), Granted::Part { missing });
}
