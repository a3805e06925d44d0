/// The zones that one file defines, each worked out when it is first asked for.
///
/// It remembers what it worked out, so it belongs to one thread.
public final class ZoneDefinitions {
    /// Files of whole organisations define some hundred.
    public static let most = 1_000

    private let definitions: [String: ZoneDefinition]
    private var zones: [String: Result<Zone, ZoneFault>] = [:]

    /// Of two definitions with a name, the first is meant.
    public init(_ definitions: [ZoneDefinition] = []) {
        self.definitions = Dictionary(
            definitions.prefix(ZoneDefinitions.most).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil where the file does not define the zone, and a fault where it does so badly.
    public func zone(_ name: String) -> Result<Zone, ZoneFault>? {
        guard let definition = definitions[name] else { return nil }
        if let known = zones[name] { return known }
        let made = Result { () throws(ZoneFault) in try definition.zone() }
        zones[name] = made
        return made
    }
}
