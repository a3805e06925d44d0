import Projections

extension OpenHome.Options {
    /// The projections of the program, and in the place of those, or beside them, the files of a folder: so one edited
    /// file is enough to try it.
    func projectionFiles() throws -> [ProjectionFile] {
        let embedded = try [ProjectionFile].embedded()
        guard let projections else { return embedded }
        let own = try [ProjectionFile](folder: projections)
        if own.isEmpty {
            throw Refusal(.badRequest, "there is no .sql file in \(projections)", hint: "Name a folder of projections.")
        }
        let names = Set(own.map(\.name))
        return (embedded.filter { !names.contains($0.name) } + own).sorted { $0.name < $1.name }
    }
}
