//! The pieces that pages are made of. One component a file; a piece knows how it looks and speaks, never what it is for.
//!
//! The groups lean on each other downwards: label, button, page, feedback; form, dialog, menu, table, code, passkey and tree
//! stand on these.

mod button;
mod code;
mod dialog;
mod feedback;
mod form;
mod label;
mod menu;
mod page;
mod passkey;
mod table;
mod tree;

pub use button::{Button, Kind, LinkButton, Size};
pub use code::{CodeBlock, Comparison, CopyLine, Mark, copy, highlight};
pub use dialog::Dialog;
pub use feedback::{
    CoverNotice, FailurePage, FailureView, Notice, ToastRegion, Toasts, load, load_or, load_over, load_page,
    use_toasts,
};
pub use form::{
    Checkbox, Choice, Field, FilterForm, PasswordInput, SearchInput, Segment, Segments, Select, TextArea,
    TextInput, escape,
};
pub use label::{AccountStatus, DayAndTime, Icon, JobStatus, LocalTimes, Pill, Status, Time, Tone, icons};
pub use menu::Menu;
pub use page::{Announcer, Card, Crumb, Fact, KeyValue, ListRow, LiveRegion, PageHeader, Tab, Tabs};
pub use passkey::{PasskeyButton, PasskeyUse};
pub use table::{Absent, Column, NoMatch, Pager, Row, Table};
pub use tree::{
    ChoiceRow, ChosenTargets, OrganizationTree, TreeChoice, TreeColumn, TreeEnd, TreeLayout, TreeState,
    tree_query,
};
