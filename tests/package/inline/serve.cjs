// Serves the program of a folder to `pulumi up --client`, with the language server of Pulumi's Automation API: node serve.cjs MODULE
const path = require("node:path");
const { createRequire } = require("node:module");

const file = path.resolve(process.argv[2]);
const load = createRequire(file);
const grpc = load("@grpc/grpc-js");
const { LanguageServer } = load("@pulumi/pulumi/automation/server");
const { LanguageRuntimeService } = load("@pulumi/pulumi/proto/language_grpc_pb");

// What Pulumi's own loader does with a module: an exported function is the program, and otherwise the module itself is.
const program = async () => {
    const exported = load(file);
    return typeof exported === "function" ? await exported() : exported;
};

const server = new grpc.Server();
server.addService(LanguageRuntimeService, new LanguageServer(program));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        throw error;
    }
    console.log(port);
});
