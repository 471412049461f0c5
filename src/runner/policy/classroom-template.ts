import { stringify } from 'yaml';
import type { PolicyDocument } from './document.ts';
import type { PolicyScope } from './permissions.ts';

/** Where the policy of a template holds: in whatever partition and account it is deployed to. */
export const templateScope: Omit<PolicyScope, 'prefix'> = {
  partition: '${AWS::Partition}',
  region: '*',
  account: '${AWS::AccountId}',
};

export interface ClassroomTemplate {
  /** What the labs are called, for people. */
  readonly labs: string;
  /** Twelve digits: the account that looks. */
  readonly trust: string;
  readonly roleName: string;
  readonly policy: PolicyDocument;
  /** Whether the policy lets it put records. */
  readonly probe: boolean;
}

/** By how a template begins. */
export const templateMark = '# A role that lets kinesis-labs verify look at labs.';

/**
 * A CloudFormation template, in YAML, with the role that students make in their accounts so that their work can be looked at:
 * with the policy and no more, and only by who knows the ExternalId of the student (IAM User Guide, "Access to AWS accounts
 * owned by third parties").
 */
export function classroomTemplate({ labs, trust, roleName, policy, probe }: ClassroomTemplate): string {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Lets account ${trust} look at ${labs} of kinesis-labs in this account. It can ${probe ? 'put records into their streams, and change nothing else' : 'change nothing'}.`,
    Parameters: {
      ExternalId: {
        Type: 'String',
        Description: 'What your instructor gave you; it is another one for each student.',
        AllowedPattern: '[\\w+=,.@:/-]{2,1224}',
      },
    },
    Resources: {
      Verifier: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: roleName,
          Description: `Looks at ${labs} of kinesis-labs, and ${probe ? 'puts records into their streams' : 'changes nothing'}.`.slice(
            0,
            1_000,
          ),
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::${trust}:root` } },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } },
              },
            ],
          },
          Policies: [{ PolicyName: 'what-checks-read', PolicyDocument: substituted(policy) }],
        },
      },
    },
    Outputs: { RoleArn: { Description: 'For the column role_arn of the roster.', Value: { 'Fn::GetAtt': ['Verifier', 'Arn'] } } },
  };
  return `${templateMark}\n# Deploy it in each student's account with that student's ExternalId.\n${stringify(template, { lineWidth: 0, aliasDuplicateObjects: false, schema: 'yaml-1.1' })}`;
}

/** What has variables in it is put together by CloudFormation. */
function substituted({ Statement, ...policy }: PolicyDocument): object {
  const written = Statement.map((each) => ({
    ...each,
    Resource: each.Resource.map((arn) => (arn.includes('${') ? { 'Fn::Sub': arn } : arn)),
  }));
  return { ...policy, Statement: written };
}
