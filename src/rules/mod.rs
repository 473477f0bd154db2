//! The rules: one file each, and [`RULES`], the one list that drives everything that goes over rules.

use crate::rule::Rule;

mod advertisement;
mod app_prompt;
mod author_bio;
mod boilerplate;
mod byline;
mod caption;
mod comment_section;
mod consent_notice;
pub(crate) mod copies;
mod copyright_notice;
mod credit;
mod dateline;
mod duplicate_caption;
mod duplicate_credit;
mod duplicate_deck;
mod empty_marker;
mod inline_link;
mod link_list;
mod media_player;
mod navigation;
mod newsletter_prompt;
mod page_instrumentation;
mod paywall_prompt;
mod prompts;
mod share_widget;
mod site_boilerplate;
mod social_embed;
mod spam_insertion;
pub(crate) mod spam_masthead;
mod tag_list;

/// Every rule, in the order they run: a rule sees what those before it found.
pub const RULES: &[Rule] = &[
    spam_masthead::RULE,
    spam_insertion::RULE,
    consent_notice::RULE,
    newsletter_prompt::RULE,
    paywall_prompt::RULE,
    app_prompt::RULE,
    share_widget::RULE,
    comment_section::RULE,
    copyright_notice::RULE,
    advertisement::RULE,
    page_instrumentation::RULE,
    media_player::RULE,
    social_embed::RULE,
    navigation::RULE,
    tag_list::RULE,
    inline_link::RULE,
    link_list::RULE,
    duplicate_credit::RULE,
    duplicate_caption::RULE,
    duplicate_deck::RULE,
    author_bio::RULE,
    byline::RULE,
    dateline::RULE,
    caption::RULE,
    credit::RULE,
    empty_marker::RULE,
    // Last of the named: the scorer knows the others by their numbers.
    site_boilerplate::RULE,
    boilerplate::RULE,
];
