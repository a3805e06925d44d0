import Ledger
import Machine
import Projections

/// Posts views anew: all, or those of some projections.
public struct RebuildRequest: Request {
    public static let name = "rebuild"

    public struct Rebuilt: Codable, Sendable {
        public let position: Int64
        public let projections: [String]
        /// With `verifies`: each table as it was, and as it is when it is posted anew.
        public let comparisons: [VerifyRequest.ViewComparison]
        public let isEqual: Bool
    }

    public let only: [String]
    /// Compares with what is in use, and changes nothing.
    public let verifies: Bool

    public init(only: [String], verifies: Bool) {
        self.only = only
        self.verifies = verifies
    }

    public func answer(in home: OpenHome) throws -> Rebuilt {
        let names = try home.projections(only: only).map(\.name)
        let views = try home.views()
        if verifies {
            let found = try views.verify(progress: home.report("comparing views"))
                .filter { only.isEmpty || only.contains($0.projection) }
            return Rebuilt(
                position: try views.position(), projections: names,
                comparisons: found.map { VerifyRequest.ViewComparison($0) }, isEqual: found.allSatisfy(\.isEqual))
        }
        try OpenHome.explained(home.folder) {
            try views.rebuild(only: only.isEmpty ? nil : Set(only), progress: home.report("posting"))
        }
        return Rebuilt(
            position: try views.position(), projections: names, comparisons: [], isEqual: true)
    }
}

extension OpenHome {
    /// The projections of these names; all when there are none.
    func projections(only names: [String]) throws -> [Projection] {
        let all = try projections()
        let known = all.map(\.name)
        for name in names where !known.contains(name) {
            throw Refusal(
                .badRequest, "there is no projection “\(name)”", hint: "There are: \(known.joined(separator: ", ")).")
        }
        return names.isEmpty ? all : all.filter { names.contains($0.name) }
    }
}

/// The views as they were at a position or an instant, in a file of their own.
public struct LookBackRequest: Request {
    public static let name = "look_back"

    public struct Written: Codable, Sendable {
        public let position: Int64
        public let path: String
        public let byteCount: Int64
    }

    public var position: Int64?
    /// What had been recorded by this instant.
    public var instant: Int64?
    /// The projections to post; all when it is empty.
    public let only: [String]
    public let path: String

    public init(position: Int64?, instant: Int64?, only: [String] = [], path: String) {
        self.position = position
        self.instant = instant
        self.only = only
        self.path = path
    }

    public func answer(in home: OpenHome) throws -> Written {
        let last = try last(home)
        if Folder.exists(path) {
            throw Refusal(.conflict, "\(path) is there already", hint: "Name a file that is not there yet.")
        }
        guard Folder.isWritable(Folder.parent(of: path)) else {
            throw Refusal(
                .failed, "cannot create \(path): its folder is not there, or may not be written to",
                hint: "Name a file in a folder that you may write to.")
        }
        let projections = try home.projections(only: only)
        try Views.post(projections, home.reader, asOf: last, to: path, progress: home.report("posting"))
        return Written(position: last, path: path, byteCount: Folder.facts(path)?.byteCount ?? 0)
    }

    private func last(_ home: OpenHome) throws -> Int64 {
        let size = try home.head.size
        if let position {
            guard position >= 0, position <= size else {
                throw Refusal(.notFound, "there is no entry \(position): the last is \(size)")
            }
            return position
        }
        guard let instant else { return size }
        // From the end: the clock may have jumped, the order of positions has not.
        var found: Int64 = 0
        try home.reader.scan(Query(until: instant + 1, isBackwards: true, limit: 1)) { stored in
            found = stored.position
            return false
        }
        return found
    }
}
