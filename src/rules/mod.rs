//! The rules: one file each, and [`RULES`], the one list that drives everything that goes over rules.

use crate::rule::Rule;

pub(crate) mod copies;
mod prompts;

macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+

        /// Every rule, in the order they run: a rule sees what those before it found.
        pub const RULES: &[Rule] = &[$($module::RULE),+];
    };
}

rules! {
    spam_masthead,
    spam_insertion,
    consent_notice,
    newsletter_prompt,
    paywall_prompt,
    app_prompt,
    share_widget,
    comment_section,
    copyright_notice,
    advertisement,
    page_instrumentation,
    media_player,
    social_embed,
    navigation,
    tag_list,
    inline_link,
    link_list,
    duplicate_credit,
    duplicate_caption,
    duplicate_deck,
    author_bio,
    byline,
    dateline,
    caption,
    credit,
    empty_marker,
}
