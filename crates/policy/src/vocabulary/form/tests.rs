use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

#[test]
fn a_fault_says_what_is_wrong_and_what_to_write() {
    let fault = Form::RoleArn.check("arn:aws:iam::111122223333:role/r", NOW).unwrap_err();
    assert_eq!(
        fault.message,
        "\"arn:aws:iam::111122223333:role/r\" is not the ARN of an IAM role with $account as its account"
    );
    assert!(fault.help.starts_with("write arn:aws:iam::$account:role/NAME: "));
}

#[test]
fn a_word_in_the_wrong_case_is_answered_with_the_right_one() {
    assert_eq!(Form::OneOf(&["true", "false"]).check("TRUE", NOW).unwrap_err().help, "write true");
}

#[test]
fn long_values_are_cut_in_messages() {
    let fault = Form::Region.check(&"é".repeat(1000), NOW).unwrap_err();
    assert!(fault.message.chars().count() < 120);
}

#[test]
fn integers_are_digits_only() {
    assert_eq!(integer("0042"), Some(42));
    for text in ["", "+1", "-1", "1.0", " 1", "１", "99999999999999999999999"] {
        assert_eq!(integer(text), None, "{text}");
    }
}
