<?php
/**
 * The routes of `howdah/v1`: where a post was shared, and to share it once more.
 *
 * That the namespace is there tells howdah that it may write to `share_on_mastodon`.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

// Where the id of a wish is kept that howdah may or may not have heard.
const WISH_META = '_howdah_wish';

/**
 * Registers the routes.
 */
function register_routes() {
	$post_id = array(
		'id' => array(
			'type'    => 'integer',
			'minimum' => 1,
		),
	);
	register_rest_route(
		'howdah/v1',
		'/posts/(?P<id>\d+)',
		array(
			'methods'             => 'GET',
			'callback'            => __NAMESPACE__ . '\tell',
			'permission_callback' => __NAMESPACE__ . '\may_edit',
			'args'                => $post_id,
		)
	);
	register_rest_route(
		'howdah/v1',
		'/posts/(?P<id>\d+)/again',
		array(
			'methods'             => 'POST',
			'callback'            => __NAMESPACE__ . '\share_again',
			'permission_callback' => __NAMESPACE__ . '\may_publish',
			'args'                => $post_id,
		)
	);
}

/**
 * Whether the user may edit the post.
 *
 * @param \WP_REST_Request $request The request.
 * @return bool
 */
function may_edit( $request ) {
	return get_post( (int) $request['id'] ) && current_user_can( 'edit_post', (int) $request['id'] );
}

/**
 * Whether the user may edit the post and publish posts of its kind: who may not publish may not share either.
 *
 * @param \WP_REST_Request $request The request.
 * @return bool
 */
function may_publish( $request ) {
	return may_edit( $request ) && current_user_can( 'publish_post', (int) $request['id'] );
}

/**
 * Tells where a post was shared, or why not.
 *
 * @param \WP_REST_Request $request The request.
 * @return array
 */
function tell( $request ) {
	return read_field( get_post( (int) $request['id'] ) );
}

/**
 * Asks howdah to share a post once more, and says what howdah answered.
 *
 * @param \WP_REST_Request $request The request.
 * @return \WP_REST_Response|\WP_Error
 */
function share_again( $request ) {
	$post_id = (int) $request['id'];
	if ( 'publish' !== get_post_status( $post_id ) ) {
		return new \WP_Error( 'howdah_not_public', __( 'Only a published post can be shared.', 'howdah' ), array( 'status' => 409 ) );
	}
	if ( ! is_connected() ) {
		return new \WP_Error( 'howdah_not_connected', __( 'howdah isn’t connected yet: see Settings → howdah.', 'howdah' ), array( 'status' => 409 ) );
	}
	// Where an answer was lost, the same wish is sent again, not a second one. Plugins that copy posts copy it along.
	$id   = (string) get_post_meta( $post_id, WISH_META, true );
	$tail = '_' . $post_id;
	if ( substr( $id, -strlen( $tail ) ) !== $tail ) {
		$id = new_id() . $tail;
		update_post_meta( $post_id, WISH_META, $id );
	}
	$trouble = send( notice( $post_id, true ), $id, PATIENT );
	if ( '' !== $trouble ) {
		return new \WP_Error( 'howdah_unheard', $trouble, array( 'status' => 502 ) );
	}
	delete_post_meta( $post_id, WISH_META );
	return new \WP_REST_Response( array( 'message' => __( 'howdah shares it once more.', 'howdah' ) ), 202 );
}
