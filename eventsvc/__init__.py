"""The back office of a conference series."""

import zoneinfo

# One source of zone rules on every machine: the locked `tzdata` wheel, not what the system has.
# Otherwise the same agenda would give other instants and other calendar bytes on two servers.
zoneinfo.reset_tzpath(to=())
