//! What goes on paper: pages of bars and letters, as PDF and PNG. Pure: nothing here opens a file.

mod card;
mod code128;
mod lettering;
mod page;
mod qr;
mod sheet;

pub use card::{Entry, card};
pub use lettering::{Line, line};
pub use page::{Page, PaperError, pdf};
pub use qr::QrModules;
pub use sheet::{Section, sheets};
