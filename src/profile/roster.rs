//! What a profile says of the school's 名册.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::student::{Columns, Field};

/// How the school's list of students is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterRules {
    /// What the school's own columns are called, beside the names every field has.
    #[serde(default)]
    pub columns: BTreeMap<Field, Vec<String>>,
}

impl RosterRules {
    /// Every name by which a column is known in this school.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let named = self.columns.iter().flat_map(|(field, names)| names.iter().map(|name| (name, *field)));
        named.fold(Columns::default(), |columns, (name, field)| columns.with(name, field))
    }
}
