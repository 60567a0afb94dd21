//! AWS Organizations: the table of its operations, and what each does.

mod accounts;
mod attachments;
mod delegation;
mod evaluation;
pub mod features;
mod find;
pub mod grants;
mod policies;
mod settings;
mod tags;
mod tree;
pub mod values;

use crate::rates::{Rate, both, per_account};
use crate::service::handler::{Access, Handler};
use crate::wire::operation::{Field, Pages, may, need};
use crate::wire::rule::{ANY, Form, Member, POLICY_TYPES, Rule, TEXTS};

const NAME: Rule = Rule::Text(1, 128);
const DESCRIPTION: Rule = Rule::Text(0, 512);
const CONTENT: Rule = Rule::Text(1, usize::MAX);
const TYPE: Rule = Rule::OneOf(POLICY_TYPES);
const SERVICE: Rule = Rule::Form(Form::Service);
const ACCOUNT: Rule = Rule::Form(Form::Account);
const PARENT: Rule = Rule::Form(Form::Parent);
const POLICY: Rule = Rule::Form(Form::Policy);
const UNIT: Rule = Rule::Form(Form::Unit);

const BY_PARENT: &[Field] = &[need("ParentId", PARENT)];
const BY_POLICY: &[Field] = &[need("PolicyId", POLICY)];
const BY_ACCOUNT: &[Field] = &[need("AccountId", ACCOUNT)];
const BY_UNIT: &[Field] = &[need("OrganizationalUnitId", UNIT)];
const ATTACHMENT: &[Field] = &[need("PolicyId", POLICY), need("TargetId", Rule::Form(Form::Target))];
const BY_SERVICE: &[Field] = &[need("ServicePrincipal", SERVICE)];
const DELEGATION: &[Field] = &[need("AccountId", ACCOUNT), need("ServicePrincipal", SERVICE)];
const TYPE_OF_ROOT: &[Field] = &[need("RootId", Rule::Form(Form::Root)), need("PolicyType", TYPE)];
const HANDSHAKE: &[Field] = &[need("HandshakeId", Rule::Form(Form::Handshake))];
const HANDSHAKE_FILTER: &[Member] = &[("ActionType", false, ANY), ("ParentHandshakeId", false, ANY)];
const TAGGED: Field = need("ResourceId", Rule::Form(Form::Taggable));

const LISTING: Rate = both((5.0, 8.0), (6.0, 10.0));
const POLICY_WRITES: Rate = per_account(2.0, 3.0);
const DESCRIBING: Rate = both((2.0, 2.0), (2.0, 3.0));
const UNIT_WRITES: Rate = per_account(2.0, 3.0);
const RARE: Rate = per_account(1.0, 2.0);
const SERVICES: Rate = both((1.0, 3.0), (1.0, 4.0));
const TAGGING: Rate = per_account(4.0, 6.0);

/// Every operation of AWS Organizations that the simulator knows.
pub const OPERATIONS: &[Handler] = &[
    Handler::read("DescribeOrganization", tree::describe_organization).access(Access::Everyone).rate(RARE),
    Handler::read("ListRoots", tree::list_roots).pages(Pages::Body).rate(both((1.0, 2.0), (1.0, 3.0))),
    Handler::read("ListOrganizationalUnitsForParent", tree::list_units)
        .input(BY_PARENT)
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("DescribeOrganizationalUnit", tree::describe_unit).input(BY_UNIT).rate(DESCRIBING),
    Handler::read("ListParents", tree::list_parents)
        .input(&[need("ChildId", Rule::Form(Form::AccountOrUnit))])
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("ListChildren", tree::list_children)
        .input(&[
            need("ParentId", PARENT),
            need("ChildType", Rule::OneOf(&["ACCOUNT", "ORGANIZATIONAL_UNIT"])),
        ])
        .pages(Pages::Body)
        .rate(both((6.0, 10.0), (7.0, 12.0))),
    Handler::write("CreateOrganizationalUnit", tree::create_unit)
        .input(&[need("ParentId", PARENT), need("Name", NAME), may("Tags", Rule::Tags)])
        .rate(RARE),
    Handler::write("UpdateOrganizationalUnit", tree::update_unit)
        .input(&[need("OrganizationalUnitId", UNIT), may("Name", NAME)])
        .rate(UNIT_WRITES),
    Handler::write("DeleteOrganizationalUnit", tree::delete_unit).input(BY_UNIT).rate(UNIT_WRITES),
    Handler::read("ListAccounts", accounts::list).pages(Pages::Body).rate(both((8.0, 12.0), (9.0, 15.0))),
    Handler::read("ListAccountsForParent", accounts::list_for_parent)
        .input(BY_PARENT)
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("DescribeAccount", accounts::describe)
        .input(BY_ACCOUNT)
        .rate(both((20.0, 30.0), (24.0, 36.0))),
    Handler::write("MoveAccount", accounts::move_account)
        .input(&[
            need("AccountId", ACCOUNT),
            need("SourceParentId", PARENT),
            need("DestinationParentId", PARENT),
        ])
        .rate(UNIT_WRITES),
    Handler::write("CreateAccount", accounts::create).input(&[
        need("Email", Rule::Form(Form::Email)),
        need("AccountName", Rule::Form(Form::AccountName)),
        may("RoleName", Rule::Form(Form::RoleName)),
        may("IamUserAccessToBilling", Rule::OneOf(&["ALLOW", "DENY"])),
        may("Tags", Rule::Tags),
    ]),
    Handler::read("DescribeCreateAccountStatus", accounts::describe_creation)
        .input(&[need("CreateAccountRequestId", Rule::Form(Form::CreationRequest))]),
    Handler::read("ListCreateAccountStatus", accounts::list_creations)
        .input(&[may("States", TEXTS)])
        .pages(Pages::Body),
    Handler::read("ListPolicies", policies::list)
        .input(&[need("Filter", TYPE)])
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("DescribePolicy", policies::describe).input(BY_POLICY).rate(DESCRIBING),
    Handler::write("CreatePolicy", policies::create)
        .access(Access::Delegates)
        .input(&[
            need("Content", CONTENT),
            need("Description", DESCRIPTION),
            need("Name", NAME),
            need("Type", TYPE),
            may("Tags", Rule::Tags),
        ])
        .rate(POLICY_WRITES),
    Handler::write("UpdatePolicy", policies::update)
        .access(Access::Delegates)
        .input(&[
            need("PolicyId", POLICY),
            may("Name", NAME),
            may("Description", DESCRIPTION),
            may("Content", CONTENT),
        ])
        .rate(POLICY_WRITES),
    Handler::write("DeletePolicy", policies::delete)
        .access(Access::Delegates)
        .input(BY_POLICY)
        .rate(POLICY_WRITES),
    Handler::write("AttachPolicy", attachments::attach)
        .access(Access::Delegates)
        .input(ATTACHMENT)
        .rate(POLICY_WRITES),
    Handler::write("DetachPolicy", attachments::detach)
        .access(Access::Delegates)
        .input(ATTACHMENT)
        .rate(POLICY_WRITES),
    Handler::read("ListTargetsForPolicy", attachments::list_targets)
        .input(BY_POLICY)
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("ListPoliciesForTarget", attachments::list_policies)
        .input(&[need("TargetId", Rule::Form(Form::Target)), need("Filter", TYPE)])
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("DescribeEffectivePolicy", evaluation::describe)
        .access(Access::Everyone)
        .input(&[need("PolicyType", Rule::EffectiveType), may("TargetId", Rule::Form(Form::Target))]),
    Handler::read("ListAccountsWithInvalidEffectivePolicy", evaluation::list_invalid)
        .input(&[need("PolicyType", Rule::EffectiveType)])
        .pages(Pages::Body),
    Handler::read("ListEffectivePolicyValidationErrors", evaluation::list_errors)
        .input(&[may("AccountId", ANY), need("PolicyType", Rule::EffectiveType)])
        .pages(Pages::Body),
    Handler::write("EnablePolicyType", settings::enable_type)
        .access(Access::Delegates)
        .input(TYPE_OF_ROOT)
        .rate(per_account(1.0, 1.0)),
    Handler::write("DisablePolicyType", settings::disable_type)
        .access(Access::Delegates)
        .input(TYPE_OF_ROOT)
        .rate(per_account(1.0, 1.0)),
    Handler::read("ListAWSServiceAccessForOrganization", settings::list_services)
        .pages(Pages::Body)
        .rate(SERVICES),
    Handler::write("EnableAWSServiceAccess", settings::enable_service).input(BY_SERVICE).rate(RARE),
    Handler::write("DisableAWSServiceAccess", settings::disable_service).input(BY_SERVICE).rate(RARE),
    Handler::read("ListDelegatedAdministrators", delegation::list_administrators)
        .input(&[may("ServicePrincipal", SERVICE)])
        .pages(Pages::Body)
        .rate(LISTING),
    Handler::read("ListDelegatedServicesForAccount", delegation::list_services)
        .input(BY_ACCOUNT)
        .pages(Pages::Body)
        .rate(SERVICES),
    Handler::write("RegisterDelegatedAdministrator", delegation::register).input(DELEGATION).rate(RARE),
    Handler::write("DeregisterDelegatedAdministrator", delegation::deregister).input(DELEGATION).rate(RARE),
    Handler::read("DescribeResourcePolicy", delegation::describe_resource_policy),
    Handler::write("PutResourcePolicy", delegation::put_resource_policy)
        .input(&[need("Content", Rule::Text(1, 40_000)), may("Tags", Rule::Tags)]),
    Handler::write("DeleteResourcePolicy", delegation::delete_resource_policy),
    Handler::write("EnableAllFeatures", features::enable_all),
    Handler::write("AcceptHandshake", features::accept).access(Access::Everyone).input(HANDSHAKE),
    Handler::write("CancelHandshake", features::cancel).input(HANDSHAKE),
    Handler::read("DescribeHandshake", features::describe).access(Access::Everyone).input(HANDSHAKE),
    Handler::read("ListHandshakesForOrganization", features::list_for_organization)
        .input(&[may("Filter", Rule::Shape(HANDSHAKE_FILTER))])
        .pages(Pages::Body),
    Handler::read("ListHandshakesForAccount", features::list_for_account)
        .access(Access::Everyone)
        .input(&[may("Filter", Rule::Shape(HANDSHAKE_FILTER))])
        .pages(Pages::Body),
    Handler::write("TagResource", tags::tag)
        .access(Access::Delegates)
        .input(&[TAGGED, need("Tags", Rule::Tags)])
        .rate(TAGGING),
    Handler::write("UntagResource", tags::untag)
        .access(Access::Delegates)
        .input(&[TAGGED, need("TagKeys", Rule::List(&Rule::Form(Form::TagKey), 0, usize::MAX))])
        .rate(TAGGING),
    Handler::read("ListTagsForResource", tags::list)
        .input(&[TAGGED])
        .pages(Pages::Body)
        .rate(both((10.0, 15.0), (12.0, 18.0))),
];
