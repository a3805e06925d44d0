import Entries
public import HTTP
import Projections
import Sync

extension OpenHome {
    /// The networks of one's own proxies, as the setting says.
    public func trustedProxies() throws -> TrustedProxies {
        TrustedProxies(try views().read { try Settings(of: Draft.home, $0) }.names(.trustedProxies))
    }
}
