import WebServer

/// Whether what changes something comes from Daybook's own pages, as browsers tell and no page can change.
enum OriginCheck {
    /// - Parameter isRequired: a browser with a cookie always says where it comes from when it changes something. Whoever
    ///   logs in has no cookie that another page could use, and may be a program, which says nothing.
    static func allows(_ visit: Visit, isPlain: Bool, isRequired: Bool) -> Bool {
        let values = Set(visit.headers.filter { $0.name.lowercased() == "sec-fetch-site" }.map(\.value))
        guard values.isSubset(of: ["same-origin"]) else { return false }
        guard visit.headers.contains(where: { $0.name.lowercased() == "origin" }) else { return !isRequired }
        guard let origin = visit.header("Origin"), let host = visit.header("Host"), !host.isEmpty else { return false }
        return origin.lowercased() == (isPlain ? "http://" : "https://") + host.lowercased()
    }
}
