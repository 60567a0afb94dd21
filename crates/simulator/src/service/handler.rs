//! One row of the tables of operations: how it looks on the wire, who may call it how often, and what it does.

use crate::rates::Rate;
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::operation::{Field, Operation, Pages, Route};
use crate::world::World;

/// An operation with what it does to the world.
#[derive(Debug)]
pub struct Handler {
    pub operation: Operation,
    pub access: Access,
    /// Published request rate; none is published for AWS Backup and some operations of Organizations.
    pub rate: Option<Rate>,
    pub run: Run,
}

/// Who may call an operation of Organizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Everyone,
    /// The management account, delegated administrators of any service, and whom the resource policy names.
    Readers,
    /// The management account and whom the resource policy names.
    Delegates,
    Management,
}

#[derive(Debug, Clone, Copy)]
pub enum Run {
    Read(fn(&World, &Call) -> Answer),
    /// Changes state; a successful one is kept in the journal.
    Write(fn(&mut World, &Call) -> Answer),
}

impl Handler {
    const fn new(name: &'static str, route: Route, access: Access, run: Run) -> Self {
        Self { operation: Operation::new(name, route), access, rate: None, run }
    }

    /// An operation of Organizations that reads.
    pub const fn read(name: &'static str, run: fn(&World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Target, Access::Readers, Run::Read(run))
    }

    /// An operation of Organizations that writes.
    pub const fn write(name: &'static str, run: fn(&mut World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Target, Access::Management, Run::Write(run))
    }

    /// An operation of AWS Backup that reads.
    pub const fn get(name: &'static str, template: &'static str, run: fn(&World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Path("GET", template), Access::Everyone, Run::Read(run))
    }

    /// An operation of AWS Backup that writes, with its HTTP method.
    pub const fn send(
        name: &'static str,
        method: &'static str,
        template: &'static str,
        run: fn(&mut World, &Call) -> Answer,
    ) -> Self {
        Self::new(name, Route::Path(method, template), Access::Everyone, Run::Write(run))
    }

    /// An operation of another service that reads.
    pub const fn ask(service: &'static str, name: &'static str, run: fn(&World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Form(service), Access::Everyone, Run::Read(run))
    }

    /// An operation of another service that writes.
    pub const fn tell(
        service: &'static str,
        name: &'static str,
        run: fn(&mut World, &Call) -> Answer,
    ) -> Self {
        Self::new(name, Route::Form(service), Access::Everyone, Run::Write(run))
    }

    /// An operation of the tagging API, which reads.
    pub const fn inventory(name: &'static str, run: fn(&World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Tagging, Access::Everyone, Run::Read(run))
    }

    /// A change that the control endpoint makes.
    pub const fn control(name: &'static str, run: fn(&mut World, &Call) -> Answer) -> Self {
        Self::new(name, Route::Control, Access::Everyone, Run::Write(run))
    }

    pub const fn input(mut self, input: &'static [Field]) -> Self {
        self.operation.input = input;
        self
    }

    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    pub const fn rate(mut self, rate: Rate) -> Self {
        self.rate = Some(rate);
        self
    }

    pub const fn pages(mut self, pages: Pages) -> Self {
        self.operation.pages = pages;
        self
    }
}

impl AsRef<Operation> for Handler {
    fn as_ref(&self) -> &Operation {
        &self.operation
    }
}
