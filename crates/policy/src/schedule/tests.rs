use proptest::prelude::*;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::cron::Days;
use super::*;

/// When the recordings of AWS that some cases repeat were taken.
const RECORDED: OffsetDateTime = datetime!(2026-09-13 07:30 UTC);
const NOW: OffsetDateTime = datetime!(2026-03-10 12:00 UTC);

fn cron(fields: &str) -> Cron {
    Cron::parse(&format!("cron({fields})")).unwrap_or_else(|error| panic!("cron({fields}): {error}"))
}

fn refusal(text: &str) -> CronErrorKind {
    Cron::parse(text).expect_err(text).kind
}

fn refused(fields: &str) -> CronErrorKind {
    refusal(&format!("cron({fields})"))
}

fn runs(fields: &str, from: OffsetDateTime, n: usize) -> Vec<String> {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]");
    cron(fields).next_runs(from, n).iter().map(|run| run.format(format).unwrap()).collect()
}

fn ignored(fields: &str) -> Vec<String> {
    let (_, ignored) = Cron::parse_with_ignored(&format!("cron({fields})")).unwrap();
    ignored.into_iter().map(|part| part.text).collect()
}

/// What AWS asks of any schedule at admission.
fn admitted(fields: &str) -> bool {
    let text = format!("cron({fields})");
    Cron::parse(&text).is_ok_and(|cron| cron.gap_after(RECORDED).is_some_and(|gap| gap >= MINIMUM_GAP))
}

/// What AWS asks with archive opt-in.
fn admitted_for_archive(fields: &str) -> bool {
    admitted(fields) && cron(fields).gap_after(RECORDED).is_some_and(|gap| gap >= ARCHIVE_MINIMUM_GAP)
}

mod form {
    use super::*;

    #[test]
    fn the_keyword_is_lower_case() {
        assert_eq!(refusal("CRON(0 5 ? * * *)"), CronErrorKind::NotCron);
    }

    #[test]
    fn rate_is_refused_with_its_own_advice() {
        assert_eq!(refusal("rate(1 day)"), CronErrorKind::Rate);
        assert!(CronErrorKind::Rate.help().contains("cron("));
    }

    #[test]
    fn empty_and_unclosed_texts_are_refused() {
        for text in ["", "cron", "cron(", "0 5 ? * * *", "cron(0 5 ? * * *"] {
            assert_eq!(refusal(text), CronErrorKind::NotCron, "{text}");
        }
    }

    #[test]
    fn nothing_stands_around_the_expression() {
        for text in
            ["cron(0 5 ? * * *) ", " cron(0 5 ? * * *)", "cron(0 5 ? * * *)x", "cron(cron(0 5 ? * * *))"]
        {
            assert_eq!(refusal(text), CronErrorKind::Surrounded, "{text}");
        }
    }

    #[test]
    fn fields_are_separated_by_any_number_of_spaces_or_tabs() {
        assert_eq!(cron(" 0  5\t? * * * "), cron("0 5 ? * * *"));
    }

    #[test]
    fn the_year_may_be_left_out_and_means_every_year() {
        assert_eq!(cron("0 5 ? * *"), cron("0 5 ? * * *"));
    }

    #[test]
    fn four_fields_are_too_few() {
        assert_eq!(refused("0 5 ? *"), CronErrorKind::TooFewFields { found: 4 });
    }

    #[test]
    fn fields_after_the_year_are_ignored_and_reported() {
        assert_eq!(cron("0 5 1 * ? * garbage more"), cron("0 5 1 * ? *"));
        assert_eq!(ignored("0 5 1 * ? * garbage more"), ["garbage more"]);
    }

    #[test]
    fn exactly_one_day_field_is_a_question_mark() {
        assert_eq!(refused("0 5 * * * *"), CronErrorKind::BothDays);
        assert_eq!(refused("0 5 1 * MON *"), CronErrorKind::BothDays);
        assert_eq!(refused("0 5 ? * ? *"), CronErrorKind::NoDay);
    }

    #[test]
    fn a_question_mark_stands_alone_and_only_in_a_day_field() {
        assert_eq!(refused("? 5 ? * * *"), CronErrorKind::QuestionMark);
        assert_eq!(refused("0 5 ? ? * *"), CronErrorKind::QuestionMark);
        assert!(matches!(refused("0 5 ?,1 * ? *"), CronErrorKind::NotAValue { .. }));
    }

    #[test]
    fn an_error_names_its_field_and_place() {
        let error = Cron::parse("cron(0 5,29 ? * * *)").unwrap_err();
        assert_eq!((error.field, error.offset, error.length), (Some(CronField::Hours), 9, 2));
        assert_eq!(error.to_string(), "hours: 29 is outside 0 to 23");
    }

    #[test]
    fn an_error_as_a_whole_covers_the_text() {
        let error = Cron::parse("rate(1 day)").unwrap_err();
        assert_eq!((error.field, error.offset, error.length), (None, 0, 11));
    }
}

mod values {
    use super::*;

    #[test]
    fn each_field_has_its_bounds() {
        for good in ["0 0 1 1 ? 1970", "59 23 31 12 ? 2199", "0 5 ? * 1 *", "0 5 ? * 7 *"] {
            cron(good);
        }
        for bad in [
            "60 5 ? * * *",
            "0 24 ? * * *",
            "0 5 0 * ? *",
            "0 5 32 * ? *",
            "0 5 1 0 ? *",
            "0 5 1 13 ? *",
            "0 5 ? * 0 *",
            "0 5 ? * 8 *",
            "0 5 ? * * 1969",
            "0 5 ? * * 2200",
            "99999999999999999999 5 ? * * *",
        ] {
            assert!(matches!(refused(bad), CronErrorKind::OutOfRange { .. }), "{bad}");
        }
    }

    #[test]
    fn names_are_case_insensitive() {
        assert_eq!(cron("15 3 ? jan mon-Fri *"), cron("15 3 ? JAN MON-FRI *"));
    }

    #[test]
    fn sunday_is_weekday_one() {
        assert_eq!(cron("0 5 ? * 1 *"), cron("0 5 ? * SUN *"));
        assert_eq!(cron("0 5 ? * 7 *"), cron("0 5 ? * SAT *"));
    }

    #[test]
    fn names_belong_to_their_field() {
        for bad in ["0 5 ? MON * *", "0 5 ? * JAN *", "MON 5 ? * * *", "0 5 ? * MONDAY *", "0 5 ? * m *"] {
            assert!(matches!(refused(bad), CronErrorKind::NotAValue { .. }), "{bad}");
        }
    }

    #[test]
    fn lists_take_values_ranges_and_repeats() {
        assert_eq!(cron("0 5,5 1,1-3,3 * ? *"), cron("0 5 1-3 * ? *"));
    }

    #[test]
    fn an_empty_element_is_refused() {
        for bad in ["0 5, ? * * *", ", 5 ? * * *", "0 5 1,,2 * ? *"] {
            assert_eq!(refused(bad), CronErrorKind::Empty, "{bad}");
        }
    }

    #[test]
    fn ranges_wrap_around_the_end_of_the_field() {
        assert_eq!(cron("0 20-2 ? * * *"), cron("0 0-2,20-23 ? * * *"));
        assert_eq!(cron("0 5 ? NOV-FEB * *"), cron("0 5 ? 1,2,11,12 * *"));
        assert_eq!(cron("0 5 ? * 7-1 *"), cron("0 5 ? * SUN,SAT *"));
        assert_eq!(cron("0 5 30-2 * ? *"), cron("0 5 1,2,30,31 * ? *"));
    }

    #[test]
    fn a_range_of_one_value_is_that_value() {
        assert_eq!(cron("5-5 5 ? * * *"), cron("5 5 ? * * *"));
    }

    #[test]
    fn years_do_not_wrap() {
        assert_eq!(refused("0 5 ? JAN * 2035-2030"), CronErrorKind::BackwardYears);
    }

    #[test]
    fn a_range_of_a_name_and_a_number_is_refused() {
        assert_eq!(refused("0 5 ? * MON-6 *"), CronErrorKind::MixedRange);
        assert_eq!(refused("0 5 ? * 2-FRI *"), CronErrorKind::MixedRange);
    }

    #[test]
    fn a_step_counts_from_the_value_to_the_end_of_the_field() {
        assert_eq!(cron("0 5/6 ? * * *"), cron("0 5,11,17,23 ? * * *"));
        assert_eq!(cron("0 */8 ? * * *"), cron("0 0,8,16 ? * * *"));
        assert_eq!(cron("0 /8 ? * * *"), cron("0 0,8,16 ? * * *"));
        assert_eq!(cron("0 5 1/28 * ? *"), cron("0 5 1,29 * ? *"));
    }

    #[test]
    fn a_step_in_a_range_stays_in_the_range() {
        assert_eq!(cron("0 8-18/5 ? * * *"), cron("0 8,13,18 ? * * *"));
        assert_eq!(cron("0 22-4/2 ? * * *"), cron("0 0,2,4,22 ? * * *"));
    }

    #[test]
    fn a_year_may_have_a_step() {
        assert_eq!(runs("0 5 1 JAN ? 2030/2", NOW, 2), ["2030-01-01 05:00", "2032-01-01 05:00"]);
    }

    #[test]
    fn a_step_is_at_least_one_and_within_the_field() {
        for bad in ["0/0 5 ? * * *", "0/ 5 ? * * *", "0/x 5 ? * * *", "0/-1 5 ? * * *", "0/5/5 5 ? * * *"] {
            assert!(matches!(refused(bad), CronErrorKind::BadStep { .. }), "{bad}");
        }
        for bad in [
            "*/60 5 ? * * *",
            "0/60 5 ? * * *",
            "0 0/24 ? * * *",
            "0 5 1/32 * ? *",
            "0 5 ? 1/13 * *",
            "0 5 ? * 1/8 *",
        ] {
            assert!(matches!(refused(bad), CronErrorKind::LargeStep { .. }), "{bad}");
        }
    }

    #[test]
    fn a_step_after_names_is_not_heeded() {
        assert_eq!(cron("0 5 ? * MON-FRI/2 *"), cron("0 5 ? * MON-FRI *"));
        assert_eq!(cron("0 5 ? * MON/2 *"), cron("0 5 ? * MON *"));
        assert_eq!(ignored("0 5 ? * MON-FRI/2 *"), ["MON-FRI/2"]);
    }
}

mod special_days {
    use super::*;

    #[test]
    fn l_is_the_last_day_of_the_month() {
        let last = runs("0 5 L * ? *", datetime!(2028-01-31 06:00 UTC), 3);
        assert_eq!(last, ["2028-02-29 05:00", "2028-03-31 05:00", "2028-04-30 05:00"]);
    }

    #[test]
    fn l_minus_n_counts_back_from_the_last_day() {
        assert_eq!(runs("0 5 L-3 * ? *", NOW, 2), ["2026-03-28 05:00", "2026-04-27 05:00"]);
        assert_eq!(cron("0 5 L-0 * ? *"), cron("0 5 L * ? *"));
    }

    #[test]
    fn l_minus_thirty_skips_months_of_thirty_days() {
        assert_eq!(runs("0 5 L-30 * ? *", NOW, 2), ["2026-05-01 05:00", "2026-07-01 05:00"]);
    }

    #[test]
    fn the_offset_of_l_is_at_most_thirty() {
        assert_eq!(refused("0 5 L-31 * ? *"), CronErrorKind::LastOffset);
    }

    #[test]
    fn lw_is_the_last_monday_to_friday_of_the_month() {
        // 31 May 2026 is a Sunday.
        assert_eq!(
            runs("0 5 LW * ? *", NOW, 3),
            ["2026-03-31 05:00", "2026-04-30 05:00", "2026-05-29 05:00"]
        );
    }

    #[test]
    fn l_minus_n_w_is_the_weekday_nearest_to_that_day() {
        // 28 March 2026 is a Saturday.
        assert_eq!(runs("0 5 L-3W * ? *", NOW, 1), ["2026-03-27 05:00"]);
    }

    #[test]
    fn w_is_the_nearest_weekday_within_the_month() {
        // 15 March and 15 November 2026 are Sundays, 15 August is a Saturday.
        assert_eq!(runs("0 5 15W 3,8 ? 2026", NOW, 2), ["2026-03-16 05:00", "2026-08-14 05:00"]);
        // 1 August 2026 is a Saturday, 31 May a Sunday: both stay inside their month.
        assert_eq!(runs("0 5 1W 8 ? *", NOW, 1), ["2026-08-03 05:00"]);
        assert_eq!(runs("0 5 31W 5 ? *", NOW, 1), ["2026-05-29 05:00"]);
    }

    #[test]
    fn w_skips_months_without_the_day() {
        assert_eq!(runs("0 5 31W * ? *", RECORDED, 2), ["2026-10-30 05:00", "2026-12-31 05:00"]);
        assert_eq!(runs("0 5 31W FEB ? *", RECORDED, 1), [""; 0]);
    }

    #[test]
    fn w_in_a_list_counts_for_the_smallest_day_only() {
        assert_eq!(cron("0 5 15W,1W * ? *"), cron("0 5 1W * ? *"));
        assert_eq!(ignored("0 5 1W,15W * ? *"), ["1W,15W"]);
    }

    #[test]
    fn w_after_a_range_is_not_heeded() {
        assert_eq!(cron("0 5 1-5W * ? *"), cron("0 5 1-5 * ? *"));
        assert_eq!(ignored("0 5 1-5W * ? *"), ["1-5W"]);
    }

    #[test]
    fn l_alone_as_weekday_is_saturday() {
        assert_eq!(cron("0 5 ? * L *"), cron("0 5 ? * SAT *"));
    }

    #[test]
    fn a_weekday_with_l_is_the_last_of_the_month() {
        assert_eq!(cron("0 5 ? * 6L *"), cron("0 5 ? * FRIL *"));
        assert_eq!(runs("0 5 ? * 6L *", NOW, 2), ["2026-03-27 05:00", "2026-04-24 05:00"]);
    }

    #[test]
    fn l_does_not_stand_in_a_list() {
        for bad in ["0 5 L,1 * ? *", "0 5 L,L * ? *", "0 5 ? * 1L,2L *", "0 5 ? * L,2 *"] {
            assert_eq!(refused(bad), CronErrorKind::LastInList, "{bad}");
        }
    }

    #[test]
    fn other_forms_of_l_are_refused() {
        for bad in ["0 5 1L * ? *", "0 5 L-W * ? *", "0 5 L- * ? *", "0 5 L3 * ? *", "0 5 ? * LW *"] {
            assert!(matches!(refused(bad), CronErrorKind::BadLast { .. }), "{bad}");
        }
        assert!(matches!(refused("0 5 ? * 0L *"), CronErrorKind::OutOfRange { .. }));
        assert!(matches!(refused("0 5 ? * 1-2L *"), CronErrorKind::NotAValue { .. }));
    }

    #[test]
    fn a_hash_is_the_nth_weekday_of_the_month() {
        assert_eq!(cron("0 5 ? * 6#3 *"), cron("0 5 ? * FRI#3 *"));
        assert_eq!(runs("0 5 ? * 6#3 *", NOW, 2), ["2026-03-20 05:00", "2026-04-17 05:00"]);
    }

    #[test]
    fn the_fifth_weekday_skips_months_that_have_four() {
        assert_eq!(runs("0 5 ? * SUN#5 *", NOW, 2), ["2026-03-29 05:00", "2026-05-31 05:00"]);
        assert_eq!(runs("0 5 ? FEB SAT#5 *", NOW, 1), ["2048-02-29 05:00"]);
    }

    #[test]
    fn one_to_five_follow_the_hash() {
        for bad in ["0 5 ? * MON#0 *", "0 5 ? * MON#6 *", "0 5 ? * MON# *", "0 5 ? * MON#1/2 *"] {
            assert_eq!(refused(bad), CronErrorKind::BadNth, "{bad}");
        }
    }

    #[test]
    fn two_hashes_are_refused() {
        assert_eq!(refused("0 5 ? * MON#2,TUE#3 *"), CronErrorKind::ManyNth);
    }

    #[test]
    fn a_hash_in_a_list_counts_for_the_smallest_weekday_only() {
        for fields in ["0 5 ? * 1#1,2 *", "0 5 ? * 1,2#1 *"] {
            assert_eq!(cron(fields), cron("0 5 ? * SUN#1 *"));
            assert_eq!(ignored(fields).len(), 1);
        }
    }

    #[test]
    fn special_characters_belong_to_their_field() {
        for bad in ["0 5W ? * * *", "L 5 ? * * *", "0 5 ? 1#2 * *", "0 5 1#2 * ? *", "0 5 ? * 2W *"] {
            assert!(Cron::parse(&format!("cron({bad})")).is_err(), "{bad}");
        }
    }
}

mod runs {
    use super::*;

    #[test]
    fn the_published_examples_run_when_the_guide_says() {
        assert_eq!(runs("0 5/1 ? * * *", NOW, 2), ["2026-03-10 13:00", "2026-03-10 14:00"]);
        assert_eq!(runs("0 0/2 ? * * *", NOW, 2), ["2026-03-10 14:00", "2026-03-10 16:00"]);
        assert_eq!(runs("0 5 1 * ? *", NOW, 2), ["2026-04-01 05:00", "2026-05-01 05:00"]);
        assert_eq!(runs("0 5 ? * 1,3,5 *", NOW, 2), ["2026-03-12 05:00", "2026-03-15 05:00"]);
    }

    #[test]
    fn a_run_is_strictly_after_the_instant() {
        let daily = cron("0 5 ? * * *");
        let at = datetime!(2026-03-10 05:00 UTC);
        assert_eq!(daily.next_after(at - Duration::NANOSECOND), Some(at));
        assert_eq!(daily.next_after(at), Some(at + Duration::DAY));
    }

    #[test]
    fn times_are_utc_whatever_the_offset_asked_from() {
        let asked = datetime!(2026-03-10 06:30 +2);
        assert_eq!(cron("0 5 ? * * *").next_after(asked), Some(datetime!(2026-03-10 05:00 UTC)));
    }

    #[test]
    fn a_day_a_month_lacks_is_skipped() {
        assert_eq!(
            runs("0 5 31 * ? *", NOW, 3),
            ["2026-03-31 05:00", "2026-05-31 05:00", "2026-07-31 05:00"]
        );
        assert_eq!(runs("0 5 29 FEB ? *", NOW, 2), ["2028-02-29 05:00", "2032-02-29 05:00"]);
    }

    #[test]
    fn an_impossible_day_never_runs() {
        for fields in ["0 5 31 FEB ? *", "0 5 29 FEB ? 2027", "0 5 30 2 ? *", "0 5 L-30 2,4 ? *"] {
            assert_eq!(cron(fields).next_after(NOW), None, "{fields}");
        }
    }

    #[test]
    fn the_last_year_ends_the_runs() {
        assert_eq!(cron("0 5 1 1 ? 2199").next_after(datetime!(2199-01-01 05:00 UTC)), None);
        assert_eq!(cron("0 5 ? * * *").next_after(datetime!(2199-12-31 05:00 UTC)), None);
        assert_eq!(cron("0 5 ? * * *").next_after(datetime!(9999-12-31 23:59 UTC)), None);
    }

    #[test]
    fn the_first_year_begins_them() {
        let first = Some(datetime!(1970-01-01 05:00 UTC));
        assert_eq!(cron("0 5 ? * * *").next_after(datetime!(1500-06-01 00:00 UTC)), first);
        assert_eq!(cron("0 5 ? * * *").next_after(datetime!(-9999-01-01 00:00 UTC)), first);
        assert_eq!(cron("0 5 ? * * *").next_after(datetime!(-9999-01-01 00:00 +14)), first);
    }

    #[test]
    fn next_runs_ends_with_the_schedule() {
        assert_eq!(runs("0 5 1 JAN,FEB ? 2030", NOW, 9), ["2030-01-01 05:00", "2030-02-01 05:00"]);
    }
}

mod gaps {
    use super::*;

    /// `cron(0,59 7 ? * * *)` was admitted at 07:40 and `0,59 8` refused.
    #[test]
    fn the_gap_is_that_of_the_next_two_runs() {
        let at = datetime!(2026-09-13 07:40 UTC);
        assert_eq!(cron("0,59 7 ? * * *").gap_after(at), Some(Duration::minutes(23 * 60 + 1)));
        assert_eq!(cron("0,59 8 ? * * *").gap_after(at), Some(Duration::minutes(59)));
        assert_eq!(
            cron("44,46 8 ? * * *").gap_after(datetime!(2026-09-13 08:45 UTC)),
            Some(Duration::minutes(23 * 60 + 58))
        );
        assert_eq!(
            cron("44,46 8 ? * * *").gap_after(datetime!(2026-09-13 08:46 UTC)),
            Some(Duration::minutes(2))
        );
    }

    #[test]
    fn a_schedule_with_one_run_left_has_no_gap() {
        for fields in ["0 5 1 JAN ? 2030", "0 5 29 FEB ? 2028", "0 5 1 JAN ? 2025", "0 5 31 FEB ? *"] {
            assert!(!admitted(fields), "{fields}");
        }
        assert!(admitted("0 5 1 JAN ? 2030,2031"));
    }

    #[test]
    fn runs_less_than_an_hour_apart_are_too_close() {
        for fields in ["0/15 * ? * * *", "0,30 8 ? * * *", "* 8 ? * * *", "0/59 8 ? * * *"] {
            assert!(!admitted(fields), "{fields}");
        }
        assert!(admitted("0 * ? * * *"));
    }

    #[test]
    fn archive_opt_in_wants_twenty_eight_days_between_the_next_two_runs() {
        for fields in [
            "0 5 1 * ? *",
            "0 5 1,29 JAN ? *",
            "0 5 1,30 JAN ? *",
            "0 5 1,29 FEB ? *",
            "0 5 1/28 JAN ? *",
            "0 5 L-3 * ? *",
            "0 5 L * ? *",
            "0 5 LW * ? *",
            "0 5 15W * ? *",
            "0 5 31W * ? *",
            "0 5 L-3W * ? *",
            "0 5 1W,15W * ? *",
            "0 5 ? * MON#1 *",
            "0 5 ? * SUN#5 *",
            "0 5 ? * 1#1,2 *",
            "0 5 ? * 1,2#1 *",
            "0 5 ? FEB SAT#5 *",
            "0 5 29 FEB ? *",
            "0 5 1 * ? * garbage",
        ] {
            assert!(admitted_for_archive(fields), "{fields}");
        }
        for fields in [
            "0 5 ? * * *",
            "0 5 ? * L *",
            "0 5 1,28 FEB ? *",
            "0 5 1,29 * ? *",
            "0 5 1/28 * ? *",
            "0 5,6 1 * ? *",
            "0 5 1-5W * ? *",
            "0 5 ? JAN * 2030",
        ] {
            assert!(admitted(fields) && !admitted_for_archive(fields), "{fields}");
        }
    }

    #[test]
    fn the_smallest_gap_is_found_wherever_it_is() {
        assert_eq!(cron("0 5,6 1 * ? *").smallest_gap(NOW, Duration::days(365)), Some(Duration::HOUR));
        assert_eq!(cron("0 5 1 * ? *").smallest_gap(NOW, Duration::days(365)), Some(Duration::days(28)));
        assert_eq!(cron("* * ? * * *").smallest_gap(NOW, Duration::days(365)), Some(Duration::MINUTE));
        assert_eq!(cron("0 5 1 1 ? *").smallest_gap(NOW, Duration::days(100)), None);
    }

    #[test]
    fn the_longest_gap_is_found_wherever_it_is() {
        assert_eq!(
            cron("0 5,6 1 * ? *").longest_gap(NOW, Duration::days(365)),
            Some(Duration::hours(31 * 24 - 1))
        );
        assert_eq!(cron("0 5 ? * MON-FRI *").longest_gap(NOW, Duration::days(30)), Some(Duration::days(3)));
        assert_eq!(cron("0 5 31 FEB ? *").longest_gap(NOW, Duration::days(365)), None);
    }

    #[test]
    fn runs_per_month_is_the_mean_of_a_year() {
        let near = |fields: &str, expected: f64| {
            let found = cron(fields).runs_per_month(NOW);
            assert!((found - expected).abs() < 0.01, "{fields}: {found}");
        };
        near("0 5 ? * * *", 365.0 / 12.0);
        near("0 5 1 * ? *", 1.0);
        near("0 * ? * * *", 730.0);
        near("0 5 1 1 ? *", 1.0 / 12.0);
        near("0 5 31 FEB ? *", 0.0);
    }
}

mod sentences {
    use super::*;

    #[test]
    fn a_schedule_reads_as_a_sentence() {
        for (fields, sentence) in [
            ("0 2 ? * * *", "Every day at 02:00 UTC"),
            ("0 2 * * ? *", "Every day at 02:00 UTC"),
            ("0 5 1 * ? *", "At 05:00 UTC on day 1 of every month"),
            ("0 * ? * * *", "Every hour"),
            ("30 * ? * * *", "Every hour at 30 minutes past"),
            ("0 0/2 ? * * *", "Every 2 hours"),
            ("15 1/2 ? * * *", "Every 2 hours from 01:15 UTC"),
            ("0 5/1 ? * * *", "Every hour from 05:00 to 23:00 UTC"),
            ("0 8-18/5 ? * * *", "Every 5 hours from 08:00 to 18:00 UTC"),
            ("0 5 ? * 2,4,6 *", "Every Monday, Wednesday and Friday at 05:00 UTC"),
            ("0 5 ? * SUN,SAT *", "Every Saturday and Sunday at 05:00 UTC"),
            ("15 3 ? * MON-FRI *", "Every weekday (Monday to Friday) at 03:15 UTC"),
            ("0 6,18 ? * * *", "Every day at 06:00 and 18:00 UTC"),
            ("0 5 1,15 * ? *", "At 05:00 UTC on days 1 and 15 of every month"),
            ("0 5 1-7,15 1,7 ? *", "At 05:00 UTC on days 1 to 7 and 15 of January and July"),
            ("0 5 L * ? *", "At 05:00 UTC on the last day of every month"),
            ("0 5 LW * ? *", "At 05:00 UTC on the last weekday of every month"),
            ("0 5 L-3 * ? *", "At 05:00 UTC on 3 days before the last day of every month"),
            (
                "0 5 L-1W * ? *",
                "At 05:00 UTC on the weekday nearest to 1 day before the last day of every month",
            ),
            ("0 5 15W * ? *", "At 05:00 UTC on the weekday nearest to day 15 of every month"),
            ("0 5 ? * 6#3 *", "At 05:00 UTC on the third Friday of every month"),
            ("0 5 ? * 6L *", "At 05:00 UTC on the last Friday of every month"),
            ("0 5 ? 1-3 * *", "Every day in January to March at 05:00 UTC"),
            ("0 5 1 1 ? 2030-2035", "At 05:00 UTC on day 1 of January, from 2030 to 2035"),
            ("0 5 1 1 ? 2030,2031", "At 05:00 UTC on day 1 of January, in 2030 and 2031"),
            ("0 * ? * MON *", "Every hour on every Monday"),
            ("0 * 1 * ? *", "Every hour on day 1 of every month"),
            ("0/15 * ? * * *", "Every 15 minutes of every hour"),
            ("0,30 8 ? * * *", "Every day at 08:00 and 08:30 UTC"),
            ("* 8 ? * * *", "Every minute of the hour from 08:00 UTC"),
        ] {
            assert_eq!(cron(fields).describe(), sentence, "{fields}");
        }
    }

    #[test]
    fn the_canonical_form_is_short_and_uses_names() {
        for (fields, canonical) in [
            ("00 5 * * ? *", "cron(0 5 ? * * *)"),
            ("0 0,6,12,18 ? * 2-6 *", "cron(0 0/6 ? * MON-FRI *)"),
            ("0 5 15,1 1,4,7,10 ?", "cron(0 5 1,15 JAN,APR,JUL,OCT ? *)"),
            ("0 5 l-3w * ? 2030-2032", "cron(0 5 L-3W * ? 2030-2032)"),
            ("0 5 ? * 6l *", "cron(0 5 ? * FRIL *)"),
            ("0 5 ? * 6#3 *", "cron(0 5 ? * FRI#3 *)"),
        ] {
            assert_eq!(cron(fields).to_string(), canonical, "{fields}");
        }
    }
}

mod meeting_rules {
    use super::*;

    fn find(rules: &[(&str, &str, i64)]) -> Vec<Overlap> {
        let crons: Vec<_> = rules.iter().map(|(_, fields, _)| cron(fields)).collect();
        let scheduled: Vec<_> = rules
            .iter()
            .zip(&crons)
            .map(|((name, _, window), schedule)| ScheduledRule {
                name,
                schedule,
                start_window: Duration::minutes(*window),
            })
            .collect();
        overlaps(&scheduled, datetime!(2026-03-01 00:00 UTC), Duration::days(31))
    }

    #[test]
    fn rules_at_the_same_instant_overlap() {
        let found = find(&[("daily", "0 5 ? * * *", 60), ("monthly", "0 5 1 * ? *", 60)]);
        let at = datetime!(2026-03-01 05:00 UTC);
        let expected = Overlap {
            first: "daily".into(),
            second: "monthly".into(),
            at: (at, at),
            runs: 1,
            same_instant: true,
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn rules_within_the_start_window_overlap() {
        let found = find(&[("a", "0 5 ? * * *", 480), ("b", "0 9 ? * * *", 480)]);
        assert_eq!(
            found.iter().map(|overlap| (overlap.runs, overlap.same_instant)).collect::<Vec<_>>(),
            [(31, false)]
        );
    }

    #[test]
    fn every_run_within_the_horizon_is_compared() {
        let found = find(&[("a", "0/30 * ? * * *", 60), ("b", "0 0 31 * ? *", 60)]);
        let at = datetime!(2026-03-31 00:00 UTC);
        // 23:30 meets midnight, midnight itself does, and 00:30 is within its window.
        assert_eq!(
            found.iter().map(|overlap| (overlap.at, overlap.runs)).collect::<Vec<_>>(),
            [((at - Duration::minutes(30), at), 3)]
        );
    }

    #[test]
    fn of_very_many_rules_only_the_first_are_compared() {
        let names: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        let rules: Vec<_> = names.iter().map(|name| (name.as_str(), "* * ? * * *", 60)).collect();
        let found = find(&rules);
        assert_eq!(found.len(), MOST_RULES_COMPARED * (MOST_RULES_COMPARED - 1) / 2);
    }

    #[test]
    fn rules_apart_by_the_window_do_not_overlap() {
        assert_eq!(find(&[("a", "0 5 ? * * *", 240), ("b", "0 9 ? * * *", 60)]), []);
        assert_eq!(find(&[("a", "0 9 ? * * *", 60), ("b", "0 5 ? * * *", 240)]), []);
    }
}

/// A random element of a field: value, range, list, step, all.
fn field(smallest: u16, largest: u16) -> impl Strategy<Value = String> {
    let value = smallest..=largest;
    let element = prop_oneof![
        4 => value.clone().prop_map(|value| value.to_string()),
        2 => (value.clone(), value.clone()).prop_map(|(from, to)| format!("{from}-{to}")),
        1 => (value, 1..=7u16).prop_map(|(from, step)| format!("{from}/{step}")),
    ];
    prop_oneof![
        3 => proptest::collection::vec(element, 1..4).prop_map(|list| list.join(",")),
        1 => Just("*".to_owned()),
    ]
}

fn days() -> impl Strategy<Value = (String, String)> {
    let of_month = prop_oneof![
        4 => field(1, 31),
        1 => Just("L".to_owned()),
        1 => Just("LW".to_owned()),
        1 => (0..=30u8).prop_map(|before| format!("L-{before}")),
        1 => (0..=30u8).prop_map(|before| format!("L-{before}W")),
        1 => (1..=31u8).prop_map(|day| format!("{day}W")),
    ];
    let of_week = prop_oneof![
        4 => field(1, 7),
        1 => (1..=7u8, 1..=5u8).prop_map(|(day, nth)| format!("{day}#{nth}")),
        1 => (1..=7u8).prop_map(|day| format!("{day}L")),
        1 => Just("mon-fri".to_owned()),
    ];
    prop_oneof![
        of_month.prop_map(|days| (days, "?".to_owned())),
        of_week.prop_map(|days| ("?".to_owned(), days)),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    let years = prop_oneof![3 => Just("*".to_owned()), 1 => Just("2024-2040".to_owned()), 1 => Just("2028/4".to_owned())];
    (field(0, 59), field(0, 23), days(), field(1, 12), years).prop_map(
        |(minutes, hours, (of_month, of_week), months, years)| {
            format!("cron({minutes} {hours} {of_month} {months} {of_week} {years})")
        },
    )
}

fn instant() -> impl Strategy<Value = OffsetDateTime> {
    (0..7_258_118_400i64).prop_map(|seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap())
}

/// Whether a day matches, said by walking through the month rather than by arithmetic.
fn matches_day(days: Days, date: time::Date) -> bool {
    let month: Vec<time::Date> =
        (1..=date.month().length(date.year())).map(|day| date.replace_day(day).unwrap()).collect();
    let number = |date: &time::Date| date.weekday().number_from_sunday();
    let same = |weekday: u8| month.iter().copied().filter(|day| number(day) == weekday).collect::<Vec<_>>();
    let nearest = |wanted: Option<&time::Date>| {
        let wanted = wanted?;
        let work = month.iter().filter(|day| (2..=6).contains(&number(day)));
        // Of two equally near ones the later day is meant only for Sunday; a tie cannot occur otherwise.
        work.min_by_key(|day| (**day - *wanted).abs()).copied()
    };
    let from_last = |before: u8| month.iter().rev().nth(usize::from(before));
    let found = match days {
        Days::Every => return true,
        Days::OfMonth(set) => return set.contains(date.day()),
        Days::OfWeek(set) => return set.contains(number(&date)),
        Days::Last { before, weekday: false } => from_last(before).copied(),
        Days::Last { before, weekday: true } => nearest(from_last(before)),
        Days::NearestWeekday(day) => nearest(month.get(usize::from(day) - 1)),
        Days::Nth { weekday, nth } => same(weekday).get(usize::from(nth) - 1).copied(),
        Days::LastOfWeek(weekday) => same(weekday).last().copied(),
    };
    found == Some(date)
}

fn matches(cron: &Cron, at: OffsetDateTime) -> bool {
    cron.minutes.contains(at.minute())
        && cron.hours.contains(at.hour())
        && cron.months.contains(u8::from(at.month()))
        && cron.years.contains(u16::try_from(at.year()).unwrap())
        && (at.second(), at.nanosecond()) == (0, 0)
        && matches_day(cron.days, at.date())
}

proptest! {
    #[test]
    fn runs_ascend_and_match_every_field(text in expression(), from in instant()) {
        let cron = Cron::parse(&text).unwrap();
        let mut last = from;
        for run in cron.next_runs(from, 20) {
            prop_assert!(run > last);
            prop_assert!(matches(&cron, run), "{run}");
            last = run;
        }
    }

    #[test]
    fn no_matching_hour_is_left_out(text in expression(), from in instant()) {
        let cron = Cron::parse(&text).unwrap();
        let next = cron.next_after(from);
        let start = from.replace_minute(0).unwrap().replace_second(0).unwrap() + Duration::HOUR;
        for hour in 0..24 * 40 {
            let hour = start + Duration::hours(hour);
            if next.is_some_and(|next| hour > next) || hour.year() > i32::from(LAST_YEAR) {
                break;
            }
            let minute = cron.minutes.first().map(|minute| hour + Duration::minutes(i64::from(minute))).unwrap();
            if matches(&cron, minute) {
                prop_assert!(next.is_some_and(|next| next <= minute), "{minute} is left out");
            }
        }
    }

    #[test]
    fn the_canonical_form_means_the_same(text in expression()) {
        let cron = Cron::parse(&text).unwrap();
        prop_assert_eq!(Cron::parse(&cron.to_string()), Ok(cron));
    }

    #[test]
    fn gaps_are_those_between_the_runs(text in expression(), from in instant()) {
        let cron = Cron::parse(&text).unwrap();
        let end = from + Duration::days(3);
        let last_minute = end.replace_time(time::macros::time!(23:59));
        let runs: Vec<_> = cron.runs_after(from).take_while(|run| *run <= last_minute).collect();
        let whole_days: Vec<_> = runs.iter().filter(|run| Some(run.date()) == runs.first().map(|r| r.date())).collect();
        // The first day counts as a whole, so compare only where all of it is still to come.
        let all_day = whole_days.len() == (cron.minutes.len() * cron.hours.len()) as usize;
        if all_day {
            let gaps: Vec<_> = runs.windows(2).map(|pair| pair[1] - pair[0]).collect();
            prop_assert_eq!(cron.smallest_gap(from, end - from), gaps.iter().min().copied());
            prop_assert_eq!(cron.longest_gap(from, end - from), gaps.iter().max().copied());
        }
    }

    #[test]
    fn every_schedule_has_a_sentence(text in expression()) {
        let sentence = Cron::parse(&text).unwrap().describe();
        prop_assert!(sentence.len() > 8 && !sentence.contains("  "), "{sentence}");
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", fields in "[-0-9LW#?*/,A-Zé ]{0,30}", from in instant()) {
        for text in [text, format!("cron({fields})"), format!("cron(0 5 {fields} *)")] {
            if let Ok(cron) = Cron::parse(&text) {
                let _ = (cron.describe(), cron.gap_after(from), cron.runs_per_month(from));
            }
        }
    }
}
