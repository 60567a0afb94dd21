//! Resources that AWS Backup protects: type, name, tags and size, computed from a few bits.

use crate::hash;
use std::borrow::Cow;

/// The Regions in which the simulated organization works.
pub const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];

/// The Region's place in [`REGIONS`]; none where the organization has nothing.
pub fn region_number(region: &str) -> Option<usize> {
    REGIONS.iter().position(|known| *known == region)
}

/// A kind of resource that AWS Backup protects.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// `ResourceType` of AWS Backup.
    pub name: &'static str,
    /// Share in 1,000 of all resources.
    pub share: u64,
    /// ARN with placeholders: Region, account, name, and `{hex}` for 17 hexadecimal digits.
    arn: &'static str,
    /// Typical size as a power of two of bytes.
    size: u32,
    /// Backed up in parts, as a parent job with children of these kinds.
    pub parts: &'static [&'static str],
    /// Whether StopBackupJob works.
    pub stoppable: bool,
    /// Whether AWS Backup manages its recovery points entirely.
    pub managed: bool,
}

const fn kind(name: &'static str, share: u64, arn: &'static str, size: u32) -> Kind {
    Kind { name, share, arn, size, parts: &[], stoppable: true, managed: true }
}

const fn fixed(mut kind: Kind) -> Kind {
    kind.stoppable = false;
    kind
}

/// Recovery points are snapshots of the source service.
const fn snapshot(mut kind: Kind) -> Kind {
    kind.managed = false;
    kind
}

const fn composite(mut kind: Kind, parts: &'static [&'static str]) -> Kind {
    kind.parts = parts;
    kind
}

pub const KINDS: &[Kind] = &[
    snapshot(kind("EBS", 210, "arn:aws:ec2:{region}:{account}:volume/vol-{hex}", 37)),
    snapshot(kind("EC2", 200, "arn:aws:ec2:{region}:{account}:instance/i-{hex}", 38)),
    fixed(snapshot(kind("RDS", 120, "arn:aws:rds:{region}:{account}:db:{name}", 38))),
    kind("S3", 120, "arn:aws:s3:::{name}-{account}", 40),
    kind("DynamoDB", 110, "arn:aws:dynamodb:{region}:{account}:table/{name}", 33),
    kind("EFS", 70, "arn:aws:elasticfilesystem:{region}:{account}:file-system/fs-{hex}", 39),
    fixed(snapshot(kind("Aurora", 60, "arn:aws:rds:{region}:{account}:cluster:{name}", 39))),
    composite(
        kind("CloudFormation", 30, "arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}", 20),
        &["DynamoDB", "S3", "EBS"],
    ),
    composite(kind("EKS", 30, "arn:aws:eks:{region}:{account}:cluster/{name}", 24), &["EBS", "EFS"]),
    fixed(snapshot(kind("FSx", 20, "arn:aws:fsx:{region}:{account}:file-system/fs-{hex}", 41))),
    fixed(composite(
        kind("SAP HANA on Amazon EC2", 10, "arn:aws:ssm-sap:{region}:{account}:HANA/{name}", 40),
        &["SAP HANA on Amazon EC2", "SAP HANA on Amazon EC2"],
    )),
    fixed(snapshot(kind("DocumentDB", 10, "arn:aws:rds:{region}:{account}:cluster:docdb-{name}", 36))),
    kind(
        "Storage Gateway",
        10,
        "arn:aws:storagegateway:{region}:{account}:gateway/sgw-{hex}/volume/vol-{hex}",
        38,
    ),
];

const APPLICATIONS: &[&str] = &[
    "orders",
    "catalog",
    "checkout",
    "inventory",
    "loyalty",
    "pricing",
    "ledger",
    "routing",
    "telemetry",
    "reports",
    "identity",
    "search",
    "archive",
    "pickup",
    "returns",
    "invoices",
];
const ROLES: &[&str] = &["primary", "replica", "worker", "cache", "exports", "media", "sessions", "batch"];

/// The tag `backup-tier` with its share in 1,000; the rest of the resources carry none.
const TIERS: &[(&str, u64)] = &[("standard", 540), ("critical", 240), ("retail-critical", 80)];

/// One resource. Small and cheap: names and ARNs are made when they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// Number in its account.
    pub number: u16,
    /// 0, or which part of a composite resource this is.
    pub part: u8,
    pub region: usize,
    pub kind: &'static Kind,
    /// Everything else about it is drawn from here.
    pub roots: u64,
}

impl Resource {
    /// The parts of a composite resource, which are backed up by jobs of their own.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<> {
        let parent = *self;
        self.kind.parts.iter().enumerate().filter_map(move |(index, name)| {
            let kind = KINDS.iter().find(|kind| kind.name == *name)?;
            let part = index as u8 + 1;
            Some(Self { part, kind, roots: hash::mix(parent.roots, &[u64::from(part)]), ..parent })
        })
    }

    /// What a restore makes of it: the same kind of thing under a new id.
    pub fn restored(&self, id: u64) -> Self {
        Self { roots: hash::mix(self.roots, &[id]), ..*self }
    }

    pub fn region_name(&self) -> &'static str {
        REGIONS.get(self.region).copied().unwrap_or(REGIONS[0])
    }

    pub fn is_composite(&self) -> bool {
        self.part == 0 && !self.kind.parts.is_empty()
    }

    pub fn application(&self) -> &'static str {
        APPLICATIONS.get(self.roots as usize % APPLICATIONS.len()).copied().unwrap_or_default()
    }

    pub fn name(&self) -> String {
        let role = ROLES.get((self.roots >> 8) as usize % ROLES.len()).copied().unwrap_or_default();
        match self.part {
            0 => format!("{}-{role}-{}", self.application(), self.number + 1),
            part => format!("{}-{role}-{}-{part}", self.application(), self.number + 1),
        }
    }

    /// The value of a tag; tags are keyed case-sensitively.
    pub fn tag(&self, key: &str) -> Option<Cow<'static, str>> {
        match key {
            "backup-tier" => self.tier().map(Cow::Borrowed),
            "application" => Some(Cow::Borrowed(self.application())),
            "Name" => Some(Cow::Owned(self.name())),
            _ => None,
        }
    }

    fn tier(&self) -> Option<&'static str> {
        let mut draw = (self.roots >> 16) % 1000;
        TIERS.iter().find_map(|(tier, share)| {
            if draw < *share {
                return Some(*tier);
            }
            draw -= share;
            None
        })
    }

    pub fn arn(&self, account: &str) -> String {
        let mut arn = self
            .kind
            .arn
            .replace("{region}", self.region_name())
            .replace("{account}", account)
            .replace("{name}", &self.name());
        for salt in 0.. {
            let Some(at) = arn.find("{hex}") else { break };
            arn.replace_range(at..at + 5, &hex(hash::mix(self.roots, &[salt])));
        }
        if arn.contains("{uuid}") {
            arn = arn.replace("{uuid}", &hash::uuid(self.roots, &[]));
        }
        arn
    }

    /// Bytes of a full backup.
    pub fn size(&self) -> u64 {
        let spread = (self.roots >> 32) % 1000;
        ((1u64 << self.kind.size) / 1000) * (100 + spread * 2)
    }

    /// True for `share` of 1,000 resources, by a property's name.
    pub fn has(&self, property: &str, share: u64) -> bool {
        hash::mix(self.roots, &[hash::text(property)]) % 1000 < share
    }
}

/// 17 hexadecimal digits that begin with a zero, as ids of EC2 do.
pub fn hex(bits: u64) -> String {
    format!("0{bits:016x}")
}
