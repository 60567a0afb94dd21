//! The organization's tree.

use aws_sdk_organizations::types::{
    Account, Organization, OrganizationFeatureSet, OrganizationalUnit, Root as SentRoot,
};
use model::{
    AccountId, TargetId, TargetKind,
    organization::{AccountState, Node, OrganizationFacts},
};

use super::{
    client::{Organizations, PAGE},
    policy_type::{PolicyTypeStatus, status},
};
use crate::{
    answer::Page,
    connect::Aws,
    convert::{id, instant, need, page, text},
    error::AwsError,
    operation::Op,
};

/// The root of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub node: Node,
    /// How the policy type BACKUP_POLICY stands there.
    pub backup_policies: PolicyTypeStatus,
}

impl Aws {
    /// The organization itself.
    ///
    /// # Errors
    /// `NotInOrganization` where there is none.
    pub async fn describe_organization(&self) -> Result<OrganizationFacts, AwsError> {
        const OP: Op = Op::DescribeOrganization;
        let answer = self.call(Organizations, OP, |c| c.describe_organization().send()).await?;
        answer.value(|a| facts(OP, need(OP, "Organization", a.organization)?))
    }

    /// The root; AWS has exactly one today.
    pub async fn root(&self) -> Result<Root, AwsError> {
        const OP: Op = Op::ListRoots;
        let mut token: Option<String> = None;
        loop {
            let answer =
                self.call(Organizations, OP, |c| c.list_roots().set_next_token(token.clone()).send()).await?;
            let mut found =
                answer.value(|a| page(OP, a.roots, a.next_token)?.map(|root| root_node(OP, root)))?;
            if !found.rows.is_empty() {
                return Ok(found.rows.remove(0));
            }
            token = Some(need(OP, "root", found.next)?);
        }
    }

    /// How the backup policy type stands on the root.
    pub async fn policy_type(&self) -> Result<PolicyTypeStatus, AwsError> {
        Ok(self.root().await?.backup_policies)
    }

    /// A page of all accounts. `parent` is set where AWS tells the account's place (`Paths`), else `None`: then
    /// [`Aws::accounts_for_parent_page`] of every OU tells it.
    pub async fn account_page(&self, token: Option<&str>) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListAccounts;
        let answer = self
            .call(Organizations, OP, |c| {
                c.list_accounts().max_results(PAGE).set_next_token(token.map(str::to_owned)).send()
            })
            .await?;
        answer.value(|a| {
            Ok(page(OP, a.accounts, a.next_token)?.map_readable(|account| {
                let parent = account.paths().iter().find_map(|path| parent_in(path));
                node(OP, account, parent)
            }))
        })
    }

    /// A page of the accounts directly in a root or OU.
    ///
    /// # Errors
    /// `NotFound` where the parent is gone.
    pub async fn accounts_for_parent_page(
        &self,
        parent: &TargetId,
        token: Option<&str>,
    ) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListAccountsForParent;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_accounts_for_parent().parent_id(parent.as_str()).max_results(PAGE);
                request.set_next_token(token.map(str::to_owned)).send()
            })
            .await?;
        answer.value(|a| {
            let read = |account| node(OP, account, Some(parent.clone()));
            Ok(page(OP, a.accounts, a.next_token)?.map_readable(read))
        })
    }

    /// A page of the OUs directly in a root or OU.
    ///
    /// # Errors
    /// `NotFound` where the parent is gone.
    pub async fn ous_page(&self, parent: &TargetId, token: Option<&str>) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListOrganizationalUnitsForParent;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_organizational_units_for_parent().parent_id(parent.as_str());
                request.max_results(PAGE).set_next_token(token.map(str::to_owned)).send()
            })
            .await?;
        answer.value(|a| {
            let found = page(OP, a.organizational_units, a.next_token)?;
            Ok(found.map_readable(|ou| ou_node(OP, ou, parent)))
        })
    }

    /// Where an OU or account stands: its parent.
    ///
    /// # Errors
    /// `NotFound` where the child is gone.
    pub async fn parent(&self, child: &TargetId) -> Result<TargetId, AwsError> {
        const OP: Op = Op::ListParents;
        let answer =
            self.call(Organizations, OP, |c| c.list_parents().child_id(child.as_str()).send()).await?;
        answer.value(|a| {
            let found = page(OP, a.parents, None)?;
            id(OP, "Parent", found.rows.first().and_then(|p| p.id.as_deref()))
        })
    }
}

fn facts(op: Op, found: Organization) -> Result<OrganizationFacts, AwsError> {
    Ok(OrganizationFacts {
        id: need(op, "Id", found.id)?,
        arn: found.arn.unwrap_or_default(),
        management_account: id(op, "MasterAccountId", found.master_account_id.as_deref())?,
        all_features: found.feature_set == Some(OrganizationFeatureSet::All),
    })
}

fn root_node(op: Op, root: SentRoot) -> Result<Root, AwsError> {
    let node = Node {
        id: id(op, "Id", root.id.as_deref())?,
        parent: None,
        name: root.name.unwrap_or_default(),
        arn: root.arn.unwrap_or_default(),
        email: None,
        state: None,
        joined_at: None,
    };
    Ok(Root { node, backup_policies: status(&root.policy_types.unwrap_or_default()) })
}

fn node(op: Op, account: Account, parent: Option<TargetId>) -> Result<Node, AwsError> {
    let found: AccountId = id(op, "Account Id", account.id.as_deref())?;
    // `Status` is being replaced by `State`; an endpoint may send either.
    let state = account.state.as_ref().map(|s| s.as_str()).or(account.status.as_ref().map(|s| s.as_str()));
    Ok(Node {
        id: found.into(),
        parent,
        name: account.name.clone().unwrap_or_default(),
        arn: account.arn.clone().unwrap_or_default(),
        email: text(account.email.clone()),
        state: Some(state.map_or(AccountState::Unknown, AccountState::from_aws)),
        joined_at: account.joined_timestamp.as_ref().and_then(instant),
    })
}

fn ou_node(op: Op, ou: OrganizationalUnit, parent: &TargetId) -> Result<Node, AwsError> {
    Ok(Node {
        id: id(op, "OU Id", ou.id.as_deref())?,
        parent: Some(parent.clone()),
        name: ou.name.unwrap_or_default(),
        arn: ou.arn.unwrap_or_default(),
        email: None,
        state: None,
        joined_at: None,
    })
}

/// The root or OU in which a path of `Paths` ends: `o-…/r-…/ou-…/ou-…/account/`.
fn parent_in(path: &str) -> Option<TargetId> {
    let mut places = path.split('/').filter_map(|part| part.parse::<TargetId>().ok());
    places.rfind(|place| place.kind() != TargetKind::Account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_in_the_parent_with_or_without_the_account_itself() {
        for (path, parent) in [
            ("o-abcdefghij/r-ab12/ou-ab12-11111111/ou-ab12-22222222/123456789012/", Some("ou-ab12-22222222")),
            ("o-abcdefghij/r-ab12/ou-ab12-11111111/", Some("ou-ab12-11111111")),
            ("o-abcdefghij/r-ab12/123456789012/", Some("r-ab12")),
            ("o-abcdefghij/", None),
        ] {
            assert_eq!(parent_in(path).as_ref().map(TargetId::as_str), parent, "{path}");
        }
    }
}
