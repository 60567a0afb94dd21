//! The organization, its root and its OUs.

use super::values;
use crate::service::listing;
use crate::service::organizations::tags;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::{Unit, World};
use serde_json::{Value, json};

/// Most OUs of an organization.
const UNIT_LIMIT: usize = 2_000;
/// Most levels of OUs below the root.
const DEPTH_LIMIT: usize = 5;

pub fn describe_organization(world: &World, _: &Call) -> Answer {
    Ok(json!({"Organization": values::organization(world)}))
}

pub fn list_roots(world: &World, call: &Call) -> Answer {
    listing::page(
        world,
        call,
        "Roots",
        std::iter::once(()),
        |()| world.root.clone(),
        |()| values::root(world),
    )
}

pub fn list_units(world: &World, call: &Call) -> Answer {
    let parent = parent(world, call)?;
    let units = world.units.values().filter(|unit| unit.parent == parent);
    listing::page(
        world,
        call,
        "OrganizationalUnits",
        units,
        |unit| unit.id.clone(),
        |unit| values::unit(world, unit),
    )
}

pub fn describe_unit(world: &World, call: &Call) -> Answer {
    Ok(json!({"OrganizationalUnit": values::unit(world, unit(world, call)?)}))
}

pub fn list_parents(world: &World, call: &Call) -> Answer {
    let child = call.need("ChildId")?;
    let parent = world.parent_of(child).ok_or_else(|| {
        let message =
            "We can't find an organizational unit (OU) or account with the ChildId that you specified.";
        AwsError::new("ChildNotFoundException", message)
    })?;
    let kind = if parent == world.root { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    let value = |parent: &str| json!({"Id": parent, "Type": kind});
    listing::page(world, call, "Parents", std::iter::once(parent), |parent| (*parent).to_owned(), value)
}

pub fn list_children(world: &World, call: &Call) -> Answer {
    let parent = parent(world, call)?;
    let kind = call.need("ChildType")?;
    let children: Vec<&String> = if kind == "ACCOUNT" {
        world
            .accounts
            .values()
            .filter(|account| account.parent == parent)
            .map(|account| &account.id)
            .collect()
    } else {
        world.units.values().filter(|unit| unit.parent == parent).map(|unit| &unit.id).collect()
    };
    let value = |id: &String| json!({"Id": id, "Type": kind});
    listing::page(world, call, "Children", children.into_iter(), |id| (*id).clone(), value)
}

pub fn create_unit(world: &mut World, call: &Call) -> Answer {
    let parent = parent(world, call)?.to_owned();
    let name = call.need("Name")?.to_owned();
    unique(world, &parent, &name)?;
    if world.units.len() >= UNIT_LIMIT {
        let message = "You have exceeded the number of OUs in your organization.";
        return Err(AwsError::constraint("OU_NUMBER_LIMIT_EXCEEDED", message));
    }
    if world.chain(&parent).len() > DEPTH_LIMIT {
        let message = "You have exceeded the maximum depth of OUs.";
        return Err(AwsError::constraint("OU_DEPTH_LIMIT_EXCEEDED", message));
    }
    let tags = tags::given(call)?;
    let root = world.root.trim_start_matches("r-").to_owned();
    let id = format!("ou-{root}-{}", world.fresh("unit", 8));
    world.tags.insert(id.clone(), tags);
    let unit = Unit { id: id.clone(), name, parent };
    // Its path is known only once it stands in the tree.
    world.units.insert(id, unit.clone());
    Ok(json!({"OrganizationalUnit": values::unit(world, &unit)}))
}

pub fn update_unit(world: &mut World, call: &Call) -> Answer {
    let unit = unit(world, call)?.clone();
    if let Some(name) = call.text("Name").filter(|name| *name != unit.name) {
        unique(world, &unit.parent, name)?;
        if let Some(unit) = world.units.get_mut(&unit.id) {
            unit.name = name.to_owned();
        }
    }
    describe_unit(world, call)
}

pub fn delete_unit(world: &mut World, call: &Call) -> Answer {
    let id = unit(world, call)?.id.clone();
    let is_child = |parent: &str| parent == id;
    if world.units.values().any(|unit| is_child(&unit.parent))
        || world.accounts.values().any(|account| is_child(&account.parent))
    {
        let message = "The specified OU is not empty. Move all accounts to another root or to other OUs, \
                       remove all child OUs, and try the operation again.";
        return Err(AwsError::new("OrganizationalUnitNotEmptyException", message));
    }
    world.attachments.retain(|_, attachment| attachment.target != id);
    world.tags.remove(&id);
    world.units.remove(&id);
    Ok(Value::Null)
}

fn unique(world: &World, parent: &str, name: &str) -> Result<(), AwsError> {
    if world.units.values().any(|unit| unit.parent == parent && unit.name == name) {
        return Err(AwsError::new(
            "DuplicateOrganizationalUnitException",
            "An OU with the same name already exists.",
        ));
    }
    Ok(())
}

fn unit<'a>(world: &'a World, call: &Call) -> Result<&'a Unit, AwsError> {
    world.units.get(call.need("OrganizationalUnitId")?).ok_or_else(|| {
        let message = "You specified an organizational unit that doesn't exist.";
        AwsError::new("OrganizationalUnitNotFoundException", message)
    })
}

/// The root or OU of the member `ParentId`.
pub fn parent<'a>(world: &World, call: &'a Call) -> Result<&'a str, AwsError> {
    let parent = call.need("ParentId")?;
    if !world.is_parent(parent) {
        return Err(AwsError::new("ParentNotFoundException", "You specified a parent that doesn't exist."));
    }
    Ok(parent)
}
