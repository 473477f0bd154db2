//! What stands below each command's help.

pub const CLEAN: &str = "\
Examples:
  dehusk clean article.txt                     the clean text on standard output
  dehusk clean pages/ -o clean/                a folder, with clean.removals.jsonl beside it
  dehusk clean pages/ -o articles.jsonl --format jsonl
                                               every page's article as a record of one file
  dehusk clean in.jsonl -o out.jsonl --level thorough --text-field body
  dehusk clean shards/ -o clean/               .jsonl.gz, .parquet, .csv.zst, .warc.gz ... each as it came, WARC as JSONL
  dehusk clean crawl.warc.gz -o crawl.parquet
  dehusk clean --files-from list.txt -o clean/
  crawl | dehusk clean --from jsonl | train    record by record, as they come";

pub const DIFF: &str = "\
Examples:
  dehusk diff pages/                           one document after another, what goes in red
  dehusk diff --word article.txt               whole lines, what goes marked inside them
  dehusk diff --unified article.txt > a.patch  a patch: `patch -R -p1 < a.patch` puts it back";

pub const EXPLAIN: &str = "\
Examples:
  dehusk explain article.txt                   every line for which a rule proposed something
  dehusk explain article.txt:12                line 12 of the text
  dehusk explain pages.jsonl:3                 the record on line 3";

pub const RULES: &str = "\
Examples:
  dehusk rules                                 all rules: name, lowest level at which it acts, what goes
  dehusk rules link-list                       one rule: why, known false positives, an example";

pub const RESTORE: &str = "\
Examples:
  dehusk restore clean/ --removals clean.removals.jsonl -o original/
  dehusk restore out.jsonl --removals out.jsonl.removals.jsonl > in.jsonl
  dehusk restore out.parquet --removals out.parquet.removals.jsonl --duplicates out.parquet.duplicates.jsonl -o in.parquet";

pub const EVAL: &str = "\
What is compared, and the fields of GOLD and PRED beside id:
  text   words and shingles with the article's own     text, title, type    text
  junk   what went with the junk that was planted      text, spans          start, end
  noop   words that a clean article lost               text                 text
  with   snippets that have to stay or to go           with, without        text

Of a folder with gold.jsonl and html/ID.html.gz (or .html), `text` and `with` measure what comes of its pages: the
article's text, for `with` its title too.

Examples:
  dehusk eval text wcxb-dev
  dehusk eval noop articles.jsonl cleaned.jsonl
  dehusk eval junk planted.jsonl cleaned.jsonl.removals.jsonl --json";

pub const LEARN: &str = "\
Examples:
  dehusk learn crawl.jsonl -o sites.profile    per site, by the field url
  dehusk learn sites/ -o sites.profile --site-folder
                                               sites/example.org/*.html and the like
  dehusk learn --merge march.profile april.profile -o spring.profile
  dehusk clean crawl.jsonl -o clean.jsonl --profile sites.profile";

pub const PROFILE: &str = "\
Examples:
  dehusk profile show sites.profile            the sites, and how much is known of each
  dehusk profile show sites.profile example.org
                                               every line that recurs, on how many pages, how sure it is chrome";

pub const SITES: &str = "\
Examples:
  dehusk sites test sites.toml                 each test's page is read by its site's rules
  dehusk sites test sites/*.toml --level thorough";

pub const COMPLETIONS: &str = "\
Examples:
  dehusk completions bash > ~/.local/share/bash-completion/completions/dehusk
  dehusk completions zsh > ~/.zfunc/_dehusk";
