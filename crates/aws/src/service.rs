//! What the one way to AWS has to know of a service.

use aws_config::SdkConfig;

use crate::homes::Homes;

/// A service of AWS, as one call asks it.
pub(crate) trait Service {
    /// The SDK's client.
    type Client: Clone + Send + Sync + 'static;

    /// The Region that is asked: requests are signed for it, and have a budget of their own there.
    fn region<'a>(&'a self, homes: &'a Homes) -> &'a str;

    /// A client with this Region, credentials and connections. It has to carry
    /// [`Watch`](crate::intercept::Watch), without which no request counts as never sent.
    fn client(config: &SdkConfig) -> Self::Client;
}
