//! Lines to blocks, and blocks to text.

use super::blocks::{List, NONE};
use super::{Context, Leaf, Line, Markup, Outlines};
use rustc_hash::FxHashMap;

/// Gives a link's address as it is to be written.
type Link<'a> = dyn Fn(&str) -> Option<String> + 'a;

pub(super) struct Writer<'m> {
    markup: &'m Markup,
    outlines: Outlines,
    has_title: bool,
    out: String,
    /// The block that lines are added to.
    block: Option<Block>,
    /// The quotes and items that the last block stands in, the outermost first.
    open: Vec<Level>,
    /// The last block was a paragraph, below which a list may begin without a blank line.
    after_paragraph: bool,
    /// The next number of ordered lists.
    numbers: FxHashMap<u32, i64>,
    starts: FxHashMap<u32, i32>,
    languages: FxHashMap<u32, &'m str>,
    empty_cells: FxHashMap<u32, u32>,
}

/// Lines that belong together.
struct Block {
    container: u32,
    leaf: Leaf,
    lines: Vec<String>,
    /// The same as cells, where they are rows.
    rows: Vec<Vec<String>>,
}

/// An open quote or item.
#[derive(Debug, Clone, Copy)]
struct Level {
    container: u32,
    /// Columns that its content is indented by; 0 for a quote.
    indent: usize,
    list: Option<List>,
    /// Two lists one behind the other have different signs, or they would be one.
    is_other: bool,
}

impl<'m> Writer<'m> {
    pub fn new(markup: &'m Markup, has_title: bool) -> Self {
        let details = &markup.details;
        Writer {
            markup,
            outlines: Outlines::of(markup),
            has_title,
            out: String::new(),
            block: None,
            open: Vec::new(),
            after_paragraph: false,
            numbers: FxHashMap::default(),
            starts: details.starts.iter().copied().collect(),
            languages: details.languages.iter().map(|(element, name)| (*element, markup.name(name))).collect(),
            empty_cells: details.empty_cells.iter().copied().collect(),
        }
    }

    pub fn title(&mut self, line: Line) {
        let title = line.markdown(Context { in_heading: true, ..Context::default() }, &|_| None);
        self.write(NONE, &[format!("# {title}")], false);
    }

    /// Adds a line: to the block before it, or as a new one.
    pub fn line(&mut self, index: usize, line: &Line, is_behind_blank: bool, link: &Link) {
        let facts = self.markup.lines[index];
        let (container, leaf) = self.outlines.line(facts.element);
        let block = match self.block.take() {
            Some(block) if block.goes_on_with(container, leaf, facts.is_continued) => block,
            before => {
                self.end(before);
                Block { container, leaf, lines: Vec::new(), rows: Vec::new() }
            }
        };
        let block = self.block.insert(block);
        match leaf {
            Leaf::Code(_) => {
                if is_behind_blank && !block.lines.is_empty() {
                    block.lines.push(String::new());
                }
                block.lines.push(line.text.trim_end().to_owned());
            }
            Leaf::Heading { .. } => {
                let context = Context { in_heading: true, ..Context::default() };
                let text = line.part(0..line.text.len()).markdown(context, link);
                match block.lines.first_mut() {
                    Some(first) => *first += &format!(" {text}"),
                    None => block.lines.push(text),
                }
            }
            Leaf::Paragraph(_) => {
                block.lines.push(line.part(0..line.text.len()).markdown(Context::default(), link));
            }
            Leaf::Row(_) => {
                let empty = self.empty_cells.get(&(index as u32)).copied().unwrap_or(0);
                block.rows.push(cells(line, empty, link));
                block.lines.push(line.part(0..line.text.len()).markdown(Context::default(), link));
            }
        }
    }

    pub fn finish(mut self) -> String {
        let last = self.block.take();
        self.end(last);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    /// Writes a block that no more lines are added to.
    fn end(&mut self, block: Option<Block>) {
        let Some(Block { container, leaf, mut lines, rows }) = block else { return };
        match leaf {
            Leaf::Paragraph(_) => {
                let last = lines.len() - 1;
                lines[..last].iter_mut().for_each(|line| line.push('\\'));
                self.write(container, &lines, true);
            }
            Leaf::Heading { rank, .. } => {
                let rank = rank.max(if self.has_title { 2 } else { 1 });
                self.write(container, &[format!("{} {}", "#".repeat(rank.into()), lines[0])], false);
            }
            Leaf::Code(element) => self.write(container, &self.fenced(element, lines), false),
            Leaf::Row(_) => self.table(container, &lines, &rows),
        }
    }

    fn fenced(&self, element: u32, mut lines: Vec<String>) -> Vec<String> {
        let ticks = |line: &String| line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let longest = lines.iter().map(ticks).max().unwrap_or(0);
        let fence = "`".repeat(3.max(longest + 1));
        lines.insert(0, fence.clone() + self.languages.get(&element).unwrap_or(&""));
        lines.push(fence);
        lines
    }

    /// Writes rows as a table, or those that make none as paragraphs: a caption above it, a page laid out in cells.
    fn table(&mut self, container: u32, lines: &[String], rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let head = rows.iter().position(|row| row.len() > 1).unwrap_or(rows.len());
        let rows = &rows[head..];
        let whole = rows.iter().filter(|row| row.len() == columns).count();
        let is_table = rows.len() > 1 && 2 * whole >= rows.len();
        for line in &lines[..if is_table { head } else { lines.len() }] {
            self.write(container, std::slice::from_ref(line), true);
        }
        if is_table {
            let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
            let mut head = rows[0].clone();
            head.resize(columns, String::new());
            let rule = row(&vec!["---".to_owned(); columns]);
            let rest = rows[1..].iter().map(|cells| row(cells));
            let table: Vec<String> = [row(&head), rule].into_iter().chain(rest).collect();
            self.write(container, &table, false);
        }
    }

    /// Writes the lines of a block behind the signs of the quotes and items that it stands in.
    fn write(&mut self, container: u32, lines: &[String], is_paragraph: bool) {
        let chain = self.outlines.chain(container);
        let common =
            self.open.iter().zip(&chain).take_while(|(level, container)| level.container == **container).count();
        let before = self.open.get(common).copied();
        self.open.truncate(common);
        let indent: String = self.open.iter().map(Level::signs).collect();
        let mut opening = indent.clone();
        for (depth, &container) in chain.iter().enumerate().skip(common) {
            let before = before.filter(|_| depth == common);
            let marker = self.enter(container, before);
            opening += &marker;
        }
        let is_tight = self.is_tight(common, before, &opening[indent.len()..]);
        if !self.out.is_empty() {
            self.out.push('\n');
            if !is_tight {
                self.out += indent.trim_end();
                self.out.push('\n');
            }
        }
        let signs: String = self.open.iter().map(Level::signs).collect();
        for (index, line) in lines.iter().enumerate() {
            let signs = if index == 0 { &opening } else { &signs };
            if index > 0 {
                self.out.push('\n');
            }
            self.out += if line.is_empty() { signs.trim_end() } else { signs };
            self.out += line;
        }
        self.after_paragraph = is_paragraph;
    }

    /// Opens a quote or an item behind another one, and returns its sign.
    fn enter(&mut self, container: u32, before: Option<Level>) -> String {
        let list = self.outlines.container(container).list;
        let before = before.filter(|before| before.list.is_some());
        let is_other = before.is_some_and(|before| (before.list == list) == before.is_other);
        let marker = match list {
            None => "> ".to_owned(),
            Some(List { is_ordered: false, .. }) => if is_other { "* " } else { "- " }.to_owned(),
            Some(List { element, .. }) => {
                let start = self.starts.get(&element).copied().map_or(1, i64::from);
                let start = if (0..=MOST).contains(&start) { start } else { 1 };
                let next = self.numbers.entry(element).or_insert(start);
                let number = (*next).min(MOST);
                *next += 1;
                format!("{number}{} ", if is_other { ')' } else { '.' })
            }
        };
        let indent = if list.is_some() { marker.len() } else { 0 };
        self.open.push(Level { container, indent, list, is_other });
        marker
    }

    /// True for an item that stands right below what is before it: an item of the same list, or the text that it belongs to.
    fn is_tight(&self, common: usize, before: Option<Level>, marker: &str) -> bool {
        let Some(list) = self.open.get(common).and_then(|level| level.list) else { return false };
        match before {
            Some(before) => before.list == Some(list),
            // A list that begins with another number does not end the paragraph.
            None => {
                let is_in_item = common > 0 && self.open[common - 1].list.is_some();
                is_in_item && self.after_paragraph && (!list.is_ordered || marker.starts_with("1. "))
            }
        }
    }
}

/// The highest number an item may have.
const MOST: i64 = 999_999_999;

impl Level {
    /// What its lines begin with behind the first.
    fn signs(&self) -> String {
        if self.list.is_some() { " ".repeat(self.indent) } else { "> ".to_owned() }
    }
}

impl Block {
    /// True where a line is part of the block.
    fn goes_on_with(&self, container: u32, leaf: Leaf, is_continued: bool) -> bool {
        self.container == container && self.leaf == leaf && (is_continued || !matches!(leaf, Leaf::Paragraph(_)))
    }
}

/// The cells of a row, the last not empty.
fn cells(line: &Line, empty: u32, link: &Link) -> Vec<String> {
    let mut cells = vec![String::new(); empty as usize];
    let mut start = 0;
    for cell in line.text.split('\t') {
        let range = start..start + cell.len();
        let context = Context { in_table: true, ..Context::default() };
        cells.push(line.part(range).markdown(context, link));
        start += cell.len() + 1;
    }
    cells
}
