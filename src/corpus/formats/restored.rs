//! Rows that were cleaned, on their way back.

use super::super::marks::{self, Duplicate};
use super::super::pieces::Records;
use super::super::problem::{Code, Fault, Place, Problem};
use super::super::writing::Layout;
use super::super::{Format, Reading};
use super::rows::{Rows, Table};
use super::table::{self, Columns, Outcome};
use arrow_array::{Array, RecordBatch, StringArray};

const NO_COLUMNS: &str = "it has no columns that tell of duplicates, so the list of duplicates is another's";

/// Rows as they stand in the output of `clean`.
pub(crate) struct CleanRows<'r> {
    rows: &'r Rows,
    table: Table,
    columns: Columns,
    marks: Option<Marks>,
}

/// What was added to rows to tell of duplicates.
struct Marks {
    /// The columns, which stand last.
    count: usize,
    /// The first of them.
    duplicate_of: StringArray,
}

/// A row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    /// From 1 on.
    pub number: u64,
    pub place: Place,
    pub id: Option<&'t str>,
    pub text: Option<&'t str>,
}

impl<'r> CleanRows<'r> {
    /// The rows, of which the marks of duplicates are to go.
    ///
    /// # Errors
    /// Where they cannot be what `clean` wrote.
    pub fn new(rows: &'r Rows, reading: &Reading, are_marked: bool) -> Result<Self, Problem> {
        let problem = |fault| rows.source.problem(fault);
        if rows.format() == Format::Warc {
            let reason = "an archive, which is nothing that was cleaned; text and records can be restored";
            return Err(problem(Fault::new(Code::Unsuited, reason)));
        }
        let (table, problems) = rows.table(reading);
        problems.into_iter().next().map_or(Ok(()), Err)?;
        let columns = rows.plan.columns(&table.batch).map_err(problem)?;
        let marks = are_marked.then(|| Marks::of(&table.batch).map_err(problem)).transpose()?;
        Ok(CleanRows { rows, table, columns, marks })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.table.places.iter().enumerate().map(|(at, &(number, place))| {
            let table::Row { id, text, .. } = self.columns.row(at);
            Row { number, place, id, text }
        })
    }

    /// Checks a row's mark.
    ///
    /// # Errors
    /// Where it says something else than the list, or something where the list says nothing.
    pub fn check_mark(&self, at: usize, duplicate: Option<&Duplicate>) -> Result<(), Fault> {
        let Some(Marks { duplicate_of, .. }) = &self.marks else { return Ok(()) };
        // A cell without a value is an empty one.
        let said = if duplicate_of.is_valid(at) { duplicate_of.value(at) } else { "" };
        let listed = duplicate.map_or("", |duplicate| &duplicate.duplicate_of);
        if said == listed { Ok(()) } else { Err(Fault::new(Code::Unsuited, marks::OTHER_MARK)) }
    }

    /// The rows from `start` on with the texts that they had, as they stand in a file of this layout.
    ///
    /// # Errors
    /// Where they cannot stand there.
    pub fn restored(&self, start: usize, texts: &[Outcome], layout: Layout) -> Result<Records, Problem> {
        let restored = || {
            let slice = self.table.batch.slice(start, texts.len());
            let output = self.rows.plan.output(&slice, &texts.iter().map(Some).collect::<Vec<_>>())?;
            Records::of_rows(self.unmarked(&output), layout)
        };
        restored().map_err(|fault| self.rows.source.problem(fault))
    }

    fn unmarked(&self, rows: &RecordBatch) -> RecordBatch {
        let own = rows.num_columns() - self.marks.as_ref().map_or(0, |marks| marks.count);
        rows.project(&(0..own).collect::<Vec<_>>()).expect("there are so many columns")
    }
}

impl Marks {
    fn of(rows: &RecordBatch) -> Result<Self, Fault> {
        let count = marks::count_columns(&rows.schema());
        let count = count.ok_or_else(|| Fault::new(Code::Unsuited, NO_COLUMNS))?;
        let duplicate_of = table::strings(rows.column(rows.num_columns() - count)).map_err(table::unfit)?;
        Ok(Marks { count, duplicate_of })
    }
}
