//! What inventories ask before anything else: Regions, tagged resources, aliases.

use super::{Aws, authorization};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

impl Aws {
    async fn tagged(&self, region: &str, input: Value) -> Value {
        let request = Request::post("/")
            .header("x-amz-target", "ResourceGroupsTaggingAPI_20170126.GetResources")
            .header("authorization", authorization("EXAMPLE", region, "tagging"));
        let reply = self.send(request.body(Body::from(input.to_string())).unwrap()).await;
        assert!(reply.status == 200 || reply.body["__type"] == "InvalidParameterException", "{}", reply.body);
        reply.body
    }

    async fn form(&self, form: &str) -> (u16, String) {
        let request = Request::post("/").body(Body::from(form.to_owned())).unwrap();
        let response = self.simulator.router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

fn arns(answer: &Value) -> Vec<&str> {
    answer["ResourceTagMappingList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["ResourceARN"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn tagged_resources_are_found_in_their_region_by_type_by_tag_and_page_by_page() {
    let aws = Aws::demo();
    let id = aws.account("pos-berlin").await;
    let other = aws.account("log-archive").await;
    for (account, stage) in [(&id, "prod"), (&other, "test")] {
        let tags = json!([{"Key": "stage", "Value": stage}]);
        aws.must("TagResource", json!({"ResourceId": account, "Tags": tags})).await;
    }
    let by_tag = json!({"TagFilters": [{"Key": "stage", "Values": ["prod"]}]});
    let found = aws.tagged("us-east-1", by_tag.clone()).await;
    let tags = found["ResourceTagMappingList"][0]["Tags"].as_array().unwrap();
    assert!(tags.contains(&json!({"Key": "stage", "Value": "prod"})), "{found}");
    assert!(matches!(arns(&found)[..], [arn] if arn.ends_with(&format!("/{id}"))), "{found}");
    assert_eq!(arns(&aws.tagged("eu-west-1", by_tag).await), Vec::<&str>::new());
    let of_type = |wanted: &str| json!({"ResourceTypeFilters": [wanted], "TagFilters": [{"Key": "stage"}]});
    assert_eq!(arns(&aws.tagged("us-east-1", of_type("organizations:account")).await).len(), 2);
    assert_eq!(arns(&aws.tagged("us-east-1", of_type("backup")).await).len(), 0);

    let (mut token, mut paged) = (String::new(), 0);
    loop {
        let input =
            json!({"ResourcesPerPage": 1, "PaginationToken": token, "TagFilters": [{"Key": "stage"}]});
        let page = aws.tagged("us-east-1", input).await;
        paged += arns(&page).len();
        token = page["PaginationToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, 2);
    assert_eq!(
        aws.tagged("us-east-1", json!({"ResourcesPerPage": 0})).await["__type"],
        "InvalidParameterException"
    );
}

#[tokio::test]
async fn regions_are_told_in_the_words_of_ec2_and_unknown_calls_name_what_is_not_simulated() {
    let aws = Aws::demo();
    let (status, all) = aws.form("Action=DescribeRegions&Version=2016-11-15").await;
    assert_eq!((status, all.matches("<regionName>").count()), (200, 3), "{all}");
    assert!(all.contains("<regionInfo><item><"), "{all}");
    let (_, one) = aws.form("Action=DescribeRegions&Version=2016-11-15&RegionName.1=us-east-1").await;
    assert_eq!(one.matches("<regionName>us-east-1</regionName>").count(), 1, "{one}");
    let (status, none) = aws.form("Action=DescribeRegions&Version=2016-11-15&RegionName.1=mars-1").await;
    assert!(status == 400 && none.contains("<Errors><Error><Code>InvalidParameterValue</Code>"), "{none}");
    let (status, unknown) = aws.form("Action=DescribeVpcs&Version=2016-11-15").await;
    assert!(status == 400 && unknown.contains("<Message>not simulated: DescribeVpcs</Message>"), "{unknown}");
    let (_, unknown) = aws.form("Action=ListUsers&Version=2010-05-08").await;
    assert!(unknown.contains("<Message>not simulated: ListUsers</Message>"), "{unknown}");
}

#[tokio::test]
async fn an_account_has_no_alias() {
    let aws = Aws::demo();
    let (status, body) = aws.form("Action=ListAccountAliases&Version=2010-05-08").await;
    assert!(status == 200 && body.contains("<AccountAliases></AccountAliases>"), "{body}");
    assert_eq!(aws.form("Action=ListAccountAliases&Version=2010-05-08&MaxItems=0").await.0, 400);
}
