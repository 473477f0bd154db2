//! Learning: what a profile depends on and what not, that profiles add up, and what may be said of shared paragraphs.

mod learned;

use dehusk::{Cleaner, Document, Level, Profile, ProfileFile, Shown, restore};
use learned::{bytes, pages, profile, read};
use proptest::prelude::*;
use std::fs;

const PLENTY: usize = 1 << 26;

const FRAME: &str =
    "Velomar\nTidende og vinder\n{title}\n\n{}\n\nKaveli boru: ta nosila for {number} tesk\nMelo vastrup";

fn cleaner(profile: Profile) -> Cleaner {
    Cleaner::builder().profile(profile).only(["site-boilerplate"]).unwrap().build()
}

/// What is left of a page of a site.
fn left(profile: &Profile, site: &str, text: &str) -> String {
    cleaner(profile.clone()).clean(&Document::new(text).of_site(site)).text
}

#[test]
fn a_profile_depends_neither_on_threads_nor_on_memory() {
    // Of several batches, so that threads get some each.
    let sites = (0..8).flat_map(|site| pages(&format!("site{site}.example"), FRAME, 150));
    let records: Vec<_> = sites.collect();
    let wanted = bytes(&records, 1, PLENTY);
    assert_eq!(bytes(&records, 2, PLENTY), wanted);
    // So little that hundreds of files are written and merged.
    for threads in [1, 2, 7] {
        assert_eq!(bytes(&records, threads, 1 << 12), wanted, "{threads} threads");
    }
}

#[test]
fn a_line_of_very_many_sites_is_known_as_one_of_all_of_them() {
    let page = |i: usize| {
        let site = format!("site{}.example", i % 1000);
        serde_json::json!({ "site": site, "text": format!("Velomar tidende\n{}", "boru ".repeat(i + 1)) })
    };
    let records: Vec<_> = (0..2000).map(page).collect();
    let profile = bytes(&records, 2, 1 << 16);
    assert_eq!(profile, bytes(&records, 2, PLENTY));
    let rows = profile.split(|&byte| byte == b'\n').filter_map(|row| serde_json::from_slice(row).ok());
    let lines: Vec<serde_json::Value> = rows.filter(|row: &serde_json::Value| row["line"].is_object()).collect();
    assert_eq!(lines.len(), 1000);
    assert!(lines.iter().all(|row| row["pages"] == 2 && row["line"]["sites"] == lines[0]["line"]["sites"]));
}

#[test]
fn the_order_of_pages_makes_no_difference() {
    let mut records = pages("site.example", FRAME, 12);
    let wanted = bytes(&records, 1, PLENTY);
    records.reverse();
    assert_eq!(bytes(&records, 1, PLENTY), wanted);
}

#[test]
fn profiles_add_up() {
    let all = pages("site.example", FRAME, 20);
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a", "b", "sum"].map(|name| folder.path().join(name));
    fs::write(&paths[0], bytes(&all[..10], 1, PLENTY)).unwrap();
    fs::write(&paths[1], bytes(&all[10..], 1, PLENTY)).unwrap();
    dehusk::corpus::merge_profiles(&paths[..2], &paths[2], false).unwrap();
    assert_eq!(fs::read_to_string(&paths[2]).unwrap(), String::from_utf8(bytes(&all, 1, PLENTY)).unwrap());
}

#[test]
fn copies_of_a_page_count_once() {
    let page = pages("site.example", FRAME, 1);
    let copies: Vec<_> = page.iter().cycle().take(30).cloned().collect();
    let profile = String::from_utf8(bytes(&copies, 1, PLENTY)).unwrap();
    assert_eq!(profile.lines().skip(1).collect::<Vec<_>>(), ["{\"site\":\"site.example\",\"pages\":1}"]);
}

#[test]
fn what_other_programs_wrote_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile");
    for (content, reason) in [
        ("", "is no profile of dehusk"),
        ("{\"id\":1}\n", "is no profile of dehusk"),
        ("{\"dehusk-profile\":2,\"fingerprints\":1}\n", "is a profile of version 2.1, and this program reads 1.1"),
        ("{\"dehusk-profile\":1,\"fingerprints\":1}\n{\"site\":\"a\"}\n", "profile:2: is no line of a profile"),
        (
            "{\"dehusk-profile\":1,\"fingerprints\":1}\n{\"site\":\"b\",\"pages\":1}\n{\"site\":\"a\",\"pages\":1}\n",
            "profile:3: stands out of order",
        ),
    ] {
        fs::write(&path, content).unwrap();
        let error = Profile::read(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

/// The same paragraph, on a share of the pages of some sites, at the end of the story.
fn with_paragraph(sites: usize, share: u32, paragraph: &str) -> Vec<serde_json::Value> {
    let frame = format!("Velomar\n{{title}}\n\n{{}}\n{share}% {paragraph}\nMelo vastrup");
    (0..sites).flat_map(|site| pages(&format!("site{site}.example"), &frame, 20)).collect()
}

const AGENCY: &str = "The Orlan agency has reported from the coast since 1921 and sends its stories to papers in every \
                      county that asks for them.";

#[test]
fn a_paragraph_that_stories_share_stays() {
    for (sites, share) in [(1, 30), (1, 70), (2, 70), (5, 30), (5, 100)] {
        let profile = profile(&with_paragraph(sites, share, AGENCY));
        let text = format!("Night buses return\n\nThey run again from March.\n{AGENCY}\nMelo vastrup\n");
        let left = left(&profile, "site0.example", &text);
        assert!(left.contains(AGENCY), "{sites} sites, {share}%");
        assert!(!left.contains("Melo vastrup"), "{sites} sites, {share}%");
    }
}

#[test]
fn a_paragraph_of_every_page_of_one_site_goes() {
    let profile = profile(&with_paragraph(1, 100, AGENCY));
    let text = format!("Night buses return\n\nThey run again from March.\n{AGENCY}\nMelo vastrup\n");
    assert!(!left(&profile, "site0.example", &text).contains(AGENCY));
}

#[test]
fn a_quote_that_follow_ups_repeat_stays() {
    let quote = "\"We will rebuild the wall before the winter, whatever it costs us,\" the mayor said.";
    for share in [20, 40, 60] {
        let frame = format!("Velomar\n{{title}}\n\n{{}}\n{share}% {quote}\n{{}}\nMelo vastrup");
        let profile = profile(&pages("site.example", &frame, 20));
        let text = format!("They run again from March, said the county on Tuesday.\n{quote}\nNobody was surprised.\n");
        assert_eq!(left(&profile, "site.example", &text), text, "{share}%");
    }
}

#[test]
fn a_headline_of_the_most_read_stays_on_its_own_page() {
    let frame = "Velomar\n{title}\n\n{}\n70% Night buses return to the valley\n70% Old harbour wall to be rebuilt\nMelo vastrup";
    let profile = profile(&pages("site.example", frame, 20));
    let story = "The county will run buses through the night again from March, eight years after the last service was cut \
                 to save money.";
    let text = format!("Velomar\nNight buses return to the valley\n\n{story}\n\nMelo vastrup\n");
    assert_eq!(left(&profile, "site.example", &text), format!("Night buses return to the valley\n\n{story}\n"));
}

#[test]
fn a_title_loses_the_name_of_its_site() {
    let profile = profile(&pages("site.example", "{title} | Velomar Tidende\n\n{}", 20));
    let text = "Night buses return | Velomar Tidende\n\nThey run again from March.\n";
    assert_eq!(left(&profile, "site.example", text), "Night buses return\n\nThey run again from March.\n");
    let twice = "Night buses return | Velomar Tidende\nNight buses return\n\nThey run again from March.\n";
    assert_eq!(left(&profile, "site.example", twice), "Night buses return\n\nThey run again from March.\n");
}

#[test]
fn without_sites_only_lines_at_the_edge_of_many_pages_count() {
    let frame =
        "Velomar\nTidende og vinder\nHarbour Hills Coast\n{title}\n\n{}\nOur map of the walks around the harbour\n{}";
    let page = "Velomar\nTidende og vinder\nHarbour Hills Coast\nNight buses\n\nThey run.\n\nOur map of the walks around the harbour\n";
    for (count, is_known) in [(6, false), (20, true)] {
        let others = (0..20).flat_map(|site| pages(&format!("site{site}"), "{title}\n\n{}", 20));
        let mut records: Vec<_> = others.chain(pages("own", frame, count)).collect();
        records.iter_mut().for_each(|record| drop(record.as_object_mut().and_then(|record| record.remove("site"))));
        let left = cleaner(profile(&records)).clean_text(page).text;
        assert_eq!(!left.contains("Tidende"), is_known, "{left}");
        assert!(left.contains("Our map"), "{left}");
    }
}

/// A masthead as spam sites have it, with a brand that comes again in the text.
fn spam(site: &str, count: usize) -> Vec<serde_json::Value> {
    let frame = "Current:Home > NewsCorvane Exchange:{title} -Velmarium\nCorvane Exchange:{title}\n\n{}";
    let mut pages = pages(site, frame, count);
    for page in &mut pages {
        // The breadcrumb repeats the title.
        let text = page["text"].as_str().unwrap().to_owned();
        let title = text.lines().nth(1).unwrap().strip_prefix("Corvane Exchange:").unwrap();
        let rest = text.split_once('\n').unwrap().1;
        page["text"] = format!("Current:Home > NewsCorvane Exchange:{title} -Velmarium\n{rest}").into();
    }
    pages
}

#[test]
fn brands_of_spam_are_known_where_the_masthead_is_gone() {
    let text = "Corvane Exchange:The mill grinds again\n\nHigh water comes later each day, and Corvane Exchangeso does the shift.\n";
    let wanted = "The mill grinds again\n\nHigh water comes later each day, and so does the shift.\n";
    let clean = |records: Vec<serde_json::Value>, site| {
        let cleaner = Cleaner::builder().profile(profile(&records)).build();
        cleaner.clean(&Document::new(text).of_site(site)).text
    };
    assert_eq!(Cleaner::default().clean_text(text).text, text);
    assert_eq!(clean(spam("spam.example", 5), "spam.example"), wanted);
    assert_eq!(clean(spam("spam.example", 5), "other.example"), text);
    let network = ["a.example", "b.example", "c.example"].iter().flat_map(|site| spam(site, 2)).collect();
    assert_eq!(clean(network, "other.example"), wanted);
}

#[test]
fn a_profile_can_be_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile");
    fs::write(&path, bytes(&pages("site.example", FRAME, 20), 1, PLENTY)).unwrap();
    let shown: Vec<Shown> = ProfileFile::open(&path).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(shown[0], Shown::Site("site.example".to_owned(), 20));
    let line = |wanted: &str| {
        let is_it = |shown: &&Shown| matches!(shown, Shown::Line(text, ..) if **text == *wanted);
        shown.iter().find(is_it).cloned()
    };
    let Some(Shown::Line(_, 20, Some(verdict))) = line("Tidende og vinder") else { panic!("{shown:?}") };
    assert!(verdict.confidence > 0.9);
    assert_eq!(verdict.to_string(), "on 20 of the site's 20 pages, above the text, beside the same lines");
}

/// Pages of a small world, in which lines recur in all ways.
fn any_page() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => (0..6_usize).prop_map(|i| ["Velomar", "Tidende og vinder", "Home", "12 comments", "3 May 2024", "By Ada Lind"][i].to_owned()),
        2 => (0..3_usize).prop_map(|i| ["Orlan sends this story.", AGENCY, "Our map of the walks by Ada Lind"][i].to_owned()),
        2 => "[a-z]{3,7}( [a-z]{3,7}){22,26}\\.",
        1 => "[A-Z][a-z]{3,7}( [a-z]{3,7}){2,5}( \\| Velomar)?",
        1 => Just(String::new()),
    ];
    prop::collection::vec(line, 1..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn invariants_hold_with_a_profile(texts in prop::collection::vec(any_page(), 6..24), level in 0..3_usize) {
        let records: Vec<_> = texts.iter().map(|text| serde_json::json!({ "site": "site.example", "text": text })).collect();
        let level = [Level::Gentle, Level::Standard, Level::Thorough][level];
        let cleaner = Cleaner::builder().level(level).profile(read(&bytes(&records, 2, PLENTY))).build();
        for text in &texts {
            let cleaned = cleaner.clean(&Document::new(text.as_str()).of_site("site.example"));
            prop_assert_eq!(&restore(&cleaned.text, &cleaned.removals).unwrap(), text);
            let again = cleaner.clean(&Document::new(cleaned.text.as_str()).of_site("site.example"));
            prop_assert_eq!(again.removals, vec![]);
        }
    }
}
