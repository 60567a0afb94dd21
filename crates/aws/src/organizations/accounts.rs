//! The organization's tree.

use aws_sdk_organizations::types::{Account, OrganizationFeatureSet, OrganizationalUnit, PolicyType};
use model::{
    AccountId, TargetId, TargetKind,
    organization::{AccountState, Node, OrganizationFacts},
};

use crate::{
    Aws, AwsError, Page, PolicyTypeStatus, Written,
    convert::{id, instant, need, page, text},
    operation::Op,
    organizations::policy_type::status,
};

/// The most rows of one page of Organizations.
pub(crate) const PAGE: i32 = 20;

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
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotInOrganization` where there is none.
    pub async fn describe_organization(&self) -> Result<OrganizationFacts, AwsError> {
        const OP: Op = Op::DescribeOrganization;
        let Written { value, .. } =
            self.organizations_call(OP, |c| async move { c.describe_organization().send().await }).await?;
        let found = need(OP, "Organization", value.organization)?;
        Ok(OrganizationFacts {
            id: need(OP, "Id", found.id)?,
            arn: found.arn.unwrap_or_default(),
            management_account: id(OP, "MasterAccountId", found.master_account_id.as_deref())?,
            all_features: found.feature_set == Some(OrganizationFeatureSet::All),
        })
    }

    /// The root; AWS has exactly one today.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn root(&self) -> Result<Root, AwsError> {
        const OP: Op = Op::ListRoots;
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request = c.list_roots().set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let found = page(OP, answer.value.roots, answer.value.next_token)?;
            if let Some(root) = found.rows.into_iter().next() {
                let node = Node {
                    id: id(OP, "Id", root.id.as_deref())?,
                    parent: None,
                    name: root.name.unwrap_or_default(),
                    arn: root.arn.unwrap_or_default(),
                    email: None,
                    state: None,
                    joined_at: None,
                };
                return Ok(Root { node, backup_policies: status(&root.policy_types.unwrap_or_default()) });
            }
            token = Some(need(OP, "root", found.next)?);
        }
    }

    /// A page of all accounts. `parent` is set where AWS tells the account's place (`Paths`), else `None`: then
    /// [`Aws::accounts_for_parent_page`] of every OU tells it.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn account_page(&self, token: Option<&str>) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListAccounts;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_accounts().max_results(PAGE).set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.accounts, answer.value.next_token)?.map(|account| {
            let parent = account.paths().iter().find_map(|path| parent_in(path));
            node(OP, account, parent)
        })
    }

    /// A page of the accounts directly in a root or OU.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the parent is gone.
    pub async fn accounts_for_parent_page(
        &self,
        parent: &TargetId,
        token: Option<&str>,
    ) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListAccountsForParent;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_accounts_for_parent().parent_id(parent.as_str()).max_results(PAGE);
                let request = request.set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.accounts, answer.value.next_token)?
            .map(|account| node(OP, account, Some(parent.clone())))
    }

    /// A page of the OUs directly in a root or OU.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the parent is gone.
    pub async fn ous_page(&self, parent: &TargetId, token: Option<&str>) -> Result<Page<Node>, AwsError> {
        const OP: Op = Op::ListOrganizationalUnitsForParent;
        let answer = self
            .organizations_call(OP, |c| {
                let request =
                    c.list_organizational_units_for_parent().parent_id(parent.as_str()).max_results(PAGE);
                let request = request.set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.organizational_units, answer.value.next_token)?
            .map(|ou| ou_node(OP, ou, parent))
    }

    /// Where an OU or account stands: its parent.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the child is gone.
    pub async fn parent(&self, child: &TargetId) -> Result<TargetId, AwsError> {
        const OP: Op = Op::ListParents;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_parents().child_id(child.as_str());
                async move { request.send().await }
            })
            .await?;
        let found = page(OP, answer.value.parents, None)?;
        id(OP, "Parent", found.rows.first().and_then(|p| p.id.as_deref()))
    }
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

/// The one policy type that Holdfast is about.
pub(crate) const BACKUP_POLICY: PolicyType = PolicyType::BackupPolicy;

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
